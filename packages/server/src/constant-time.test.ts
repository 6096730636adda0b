import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { recogniser, sameSecret } from '@drops/engine';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

const { timingSafeEqual } = crypto;
/** The lengths of what was compared in constant time. */
let compared: (readonly [number, number])[] = [];
beforeAll(() => {
  crypto.timingSafeEqual = (a, b) => {
    compared.push([a.byteLength, b.byteLength]);
    return timingSafeEqual(a, b);
  };
  syncBuiltinESMExports();
});
beforeEach(() => {
  compared = [];
});
afterAll(() => {
  crypto.timingSafeEqual = timingSafeEqual;
  syncBuiltinESMExports();
});

const secret = 'k'.repeat(43);
const isKnown = recogniser(secret);
const texts = [secret, `x${secret.slice(1)}`, `${secret.slice(1)}x`, secret.slice(1), '', `${secret}k`];

it.each<[string, (text: string) => boolean]>([
  ['the admin token', isKnown],
  ['admin keys and sub-keys', (text) => sameSecret(secret, text)],
])('%s is told by one comparison of digests, in constant time, whatever is sent', (_name, compare) => {
  expect(texts.map(compare)).toEqual([true, false, false, false, false, false]);
  expect(compared).toEqual(texts.map(() => [32, 32]));
});
