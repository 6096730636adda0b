import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from './stored-drop.js';

test('times read as Date writes them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (time) => {
      expect(isoTime(time)).toBe(new Date(time).toISOString());
    }),
  );
});
