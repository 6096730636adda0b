import { randomUUID } from 'node:crypto';
import type { DerivedRows } from '@drops/store';

const leaseKey = 'lease';
/** How long a process may be silent before another takes over. */
const leaseTime = 10_000;

interface Held {
  readonly by: string;
  readonly until: number;
}

/** The right of one process to build segments: without it two would do the same work, of which one is thrown away. */
export interface Lease {
  /** Takes or renews it; false while another process has it. */
  take(): boolean;
  release(): void;
}

export function createLease(rows: DerivedRows): Lease {
  const me = randomUUID();
  let until = 0;
  const put = (bytes: Uint8Array | undefined, held: Held): boolean => {
    const value = Buffer.from(JSON.stringify(held), 'utf8');
    return rows.apply({
      guard: { key: leaseKey, value: bytes },
      removed: [],
      puts: [{ key: leaseKey, value }],
    });
  };
  return {
    take() {
      const now = Date.now();
      if (until - now > leaseTime / 2) return true;
      const bytes = rows.get(leaseKey);
      const held: Held | undefined = bytes && JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (held && held.by !== me && held.until > now) return false;
      if (!put(bytes, { by: me, until: now + leaseTime })) return false;
      until = now + leaseTime;
      return true;
    },
    release() {
      if (until <= Date.now()) return;
      until = 0;
      const bytes = rows.get(leaseKey);
      const held: Held | undefined = bytes && JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (held?.by === me) put(bytes, { by: me, until: 0 });
    },
  };
}
