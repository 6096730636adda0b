import { compareStrings } from '@drops/ir';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  entityPrefix,
  entityPrefixEnd,
  entityRow,
  eventRow,
  isEventRow,
  keyOfRow,
  keyOfVersionRow,
  readU32,
  readU48,
  txOfEventRow,
  txOfRow,
  u32,
  u48,
  versionRow,
} from './binary-keys.js';

const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const tx = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const sign = Math.sign;

test('numbers keep their order and come back', () => {
  fc.assert(
    fc.property(tx, tx, (a, b) => {
      expect(sign(Buffer.compare(bytes(u48(a)), bytes(u48(b))))).toBe(sign(a - b));
      expect(readU48(`x${u48(a)}`, 1)).toBe(a);
      expect(readU32(u32(a % 2 ** 32), 0)).toBe(a % 2 ** 32);
    }),
  );
});

test('entities are ordered by code point, whatever their keys hold, and before events', () => {
  fc.assert(
    fc.property(key, key, tx, tx, (a, b, s, t) => {
      const order = sign(compareStrings(a, b));
      expect(sign(Buffer.compare(bytes(entityRow(7, a)), bytes(entityRow(7, b))))).toBe(order);
      const versions = Buffer.compare(bytes(versionRow(7, a, s)), bytes(versionRow(7, b, t)));
      expect(sign(versions)).toBe(order || sign(s - t));
      expect(Buffer.compare(bytes(entityRow(7, a)), bytes(eventRow(7, t)))).toBe(-1);
      expect(Buffer.compare(bytes(eventRow(7, t)), bytes(entityRow(8, a)))).toBe(-1);
    }),
  );
});

test('keys and txs come back, and a prefix holds the rows of one entity', () => {
  fc.assert(
    fc.property(key, key, tx, (a, b, t) => {
      expect(keyOfRow(entityRow(1, a))).toBe(a);
      expect(keyOfVersionRow(versionRow(1, a, t))).toBe(a);
      expect(txOfRow(versionRow(1, a, t))).toBe(t);
      expect(txOfEventRow(eventRow(1, t))).toBe(t);
      expect([isEventRow(eventRow(1, t)), isEventRow(entityRow(1, a))]).toEqual([true, false]);
      const row = bytes(versionRow(1, b, t));
      const within =
        Buffer.compare(row, bytes(entityPrefix(1, a))) >= 0 &&
        Buffer.compare(row, bytes(entityPrefixEnd(1, a))) < 0;
      expect(within).toBe(a === b);
    }),
  );
});
