import { fail } from '@drops/diagnostics';

const most = 200;
const hour = 60 * 60 * 1000;

/** Counts the keys that are made for each address. */
export interface KeyGenerations {
  /** Counts one; KEYGEN_LIMITED after 200 in the last hour. An unknown address is embedded use, which has no limit. */
  count(address: string | undefined): void;
  /** It was not given out after all. */
  giveBack(address: string | undefined): void;
  /** It was given out: other processes are told. */
  given(address: string | undefined): void;
  /** Another process gave one out. */
  add(address: string): void;
}

/** Counts in this process what it makes and what others tell. What it holds are the addresses of one hour. */
export function createKeyGenerations(
  now: () => number,
  tell: (address: string) => void = () => undefined,
): KeyGenerations {
  const times = new Map<string, number[]>();
  let swept = now();
  const sweep = (limit: number): void => {
    for (const [address, made] of times) if ((made.at(-1) ?? 0) <= limit) times.delete(address);
    swept = now();
  };
  /** The times of an address that count. */
  const recentOf = (address: string): number[] => {
    const limit = now() - hour;
    if (swept < limit) sweep(limit);
    return (times.get(address) ?? []).filter((time) => time > limit);
  };
  const note = (address: string, recent: number[]): void => {
    recent.push(now());
    times.set(address, recent);
  };
  return {
    count(address) {
      if (address === undefined) return;
      const recent = recentOf(address);
      if (recent.length >= most) {
        fail('KEYGEN_LIMITED', `at most ${most} keys an hour are made for an address`, {
          hint: 'send the key that you have as X-Ocean-Key',
        });
      }
      note(address, recent);
    },
    giveBack(address) {
      if (address !== undefined) times.get(address)?.pop();
    },
    given(address) {
      if (address !== undefined) tell(address);
    },
    add(address) {
      note(address, recentOf(address));
    },
  };
}
