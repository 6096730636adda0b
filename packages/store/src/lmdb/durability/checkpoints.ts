import { open } from 'lmdb';
import type { MetaPage } from './meta-page.js';
import type { ProcessLock } from './process-lock.js';

/** A state of the store that is on disk as a whole: what recovery begins from. */
export interface Checkpoint {
  readonly meta: MetaPage;
  /** In which boot of the machine later states were last written, unsynced. */
  readonly boot: string;
}

/** The newest checkpoint, in a small LMDB file of its own: replaced as a whole, by one process at a time. */
export interface Checkpoints {
  read(): Checkpoint | undefined;
  /** Notes a state that is on disk, unless a later one of this boot is noted. */
  write(checkpoint: Checkpoint): void;
  /** Runs `work` while no other process is in here or in `write`; what it wrote stands only if it does not throw. */
  exclusively(work: () => void): void;
  close(): Promise<void>;
}

const key = 'checkpoint';

function encode({ meta, boot }: Checkpoint): Buffer {
  const head = Buffer.alloc(9);
  head.writeBigUInt64LE(BigInt(meta.transaction));
  head[8] = meta.bytes.length;
  return Buffer.concat([head, meta.bytes, Buffer.from(boot, 'latin1')]);
}

function decode(bytes: Buffer): Checkpoint {
  const end = 9 + (bytes[8] ?? 0);
  return {
    meta: { transaction: Number(bytes.readBigUInt64LE(0)), bytes: bytes.subarray(9, end) },
    boot: bytes.toString('latin1', end),
  };
}

const abortable = 1;
const synchronousCommit = 2;

/** Opens the file, making it when missing. The lock must be held meanwhile. */
export function openCheckpoints(path: string, lock: ProcessLock): Checkpoints {
  const root = open<Buffer, string>({
    path,
    noSubdir: true,
    overlappingSync: false,
    mapSize: 1 << 20,
    encoding: 'binary',
  });
  let isInside = false;

  const read = (): Checkpoint | undefined => {
    if (!isInside) root.resetReadTxn();
    const bytes = root.get(key);
    return bytes && decode(Buffer.from(bytes));
  };
  const exclusively = (work: () => void): void => {
    if (isInside) return work();
    const inside = (): void => {
      isInside = true;
      try {
        work();
      } finally {
        isInside = false;
      }
    };
    lock.hold(() => void root.transactionSync(inside, abortable | synchronousCommit));
  };

  return {
    read,
    exclusively,
    write(checkpoint) {
      exclusively(() => {
        const known = read();
        const isLater =
          known?.boot !== checkpoint.boot || checkpoint.meta.transaction > known.meta.transaction;
        if (isLater) root.putSync(key, encode(checkpoint));
      });
    },
    close: () => lock.closeFile(root),
  };
}
