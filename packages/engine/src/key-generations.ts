import { fail } from '@drops/diagnostics';

const most = 200;
const hour = 60 * 60 * 1000;

/** Counts the keys that are made for each address. */
export interface KeyGenerations {
  /** Counts one; KEYGEN_LIMITED after 200 in the last hour. An unknown address is embedded use, which has no limit. */
  count(address: string | undefined): void;
  /** It was not given out after all. */
  giveBack(address: string | undefined): void;
}

/** Counts in this process. What it holds are the addresses of one hour. */
export function createKeyGenerations(now: () => number): KeyGenerations {
  const times = new Map<string, number[]>();
  let swept = now();
  const sweep = (limit: number): void => {
    for (const [address, made] of times) if ((made.at(-1) ?? 0) <= limit) times.delete(address);
    swept = now();
  };
  return {
    count(address) {
      if (address === undefined) return;
      const limit = now() - hour;
      if (swept < limit) sweep(limit);
      const recent = (times.get(address) ?? []).filter((time) => time > limit);
      if (recent.length >= most) {
        fail('KEYGEN_LIMITED', `at most ${most} keys an hour are made for an address`, {
          hint: 'send the key that you have as X-Ocean-Key',
        });
      }
      recent.push(now());
      times.set(address, recent);
    },
    giveBack(address) {
      if (address !== undefined) times.get(address)?.pop();
    },
  };
}
