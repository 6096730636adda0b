import { sameSecret } from '@drops/engine';
import { expect, it } from 'vitest';
import { recogniser } from './identity.js';

/** So long that looking for the first difference would show: a comparison that stops there takes next to nothing, or all of a millisecond. */
const length = 1 << 20;
const secret = 'k'.repeat(length);
const wrongAtOnce = `x${secret.slice(1)}`;
const wrongAtLast = `${secret.slice(1)}x`;

/** The median time of each call, the calls taken in turn. */
function medians(calls: readonly (() => boolean)[]): readonly number[] {
  const times = calls.map((): number[] => []);
  for (let round = 0; round < 41; round += 1) {
    calls.forEach((call, i) => {
      const before = performance.now();
      call();
      times[i]?.push(performance.now() - before);
    });
  }
  return times.map((of) => of.sort((a, b) => a - b)[20] ?? 0);
}

const isKnown = recogniser(secret);

it.each<[string, (text: string) => boolean]>([
  ['the admin token', isKnown],
  ['admin keys and sub-keys', (text) => sameSecret(secret, text)],
])('%s is compared in a time that does not tell where the difference is', (_name, compare) => {
  expect([compare(secret), compare(wrongAtOnce), compare(wrongAtLast), compare(secret.slice(1))]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  const [first = 0, last = 0, right = 0] = medians(
    [wrongAtOnce, wrongAtLast, secret].map((text) => () => compare(text)),
  );
  for (const time of [last, right]) {
    expect(time / first).toBeGreaterThan(0.5);
    expect(time / first).toBeLessThan(2);
  }
});

it('the same measure sees a comparison that stops at the first difference', () => {
  const stopping = (text: string): boolean => {
    for (let i = 0; i < length; i += 1) if (text.charCodeAt(i) !== secret.charCodeAt(i)) return false;
    return true;
  };
  const [first = 0, right = 0] = medians([() => stopping(wrongAtOnce), () => stopping(secret)]);
  expect(right / Math.max(first, 1e-4)).toBeGreaterThan(2);
});
