import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDisk, sectorSize, type Fate } from './disk.js';
import type { JournalRecord } from './journal.js';

type Step =
  | { readonly write: { readonly offset: number; readonly length: number; readonly synced: boolean } }
  | { readonly sync: true };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      write: fc.record({
        offset: fc.nat(5 * sectorSize),
        length: fc.integer({ min: 1, max: 3 * sectorSize }),
        synced: fc.boolean(),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ sync: true } as const) },
);

/** The records of some steps, each ended before the next begins; every write has bytes of its own. */
function recordsOf(steps: readonly Step[]): readonly JournalRecord[] {
  return steps.flatMap((one, i): readonly JournalRecord[] => {
    const id = i + 1;
    if ('sync' in one)
      return [
        { kind: 'sync', id, of: 'file', file: 0 },
        { kind: 'end', id, result: 0 },
      ];
    const { offset, length, synced } = one.write;
    const bytes = Buffer.alloc(length, id);
    return [
      { kind: 'write', file: 0, id, offset, bytes, synced },
      { kind: 'end', id, result: length },
    ];
  });
}

const room = 9 * sectorSize;
const sectorOf = (file: Buffer, sector: number): string =>
  file.subarray(sector * sectorSize, (sector + 1) * sectorSize).toString('hex');

/** What each sector may hold, kept the simple way: the states that it was in since it was last made durable. */
function allowedStates(steps: readonly Step[]): readonly ReadonlySet<string>[] {
  const file = Buffer.alloc(room);
  const states = Array.from({ length: room / sectorSize }, (_, s) => [sectorOf(file, s)]);
  steps.forEach((one, i) => {
    const [from, to] = 'sync' in one ? [0, room] : [one.write.offset, one.write.offset + one.write.length];
    if ('write' in one) file.fill(i + 1, from, to);
    states.forEach((known, sector) => {
      const touched = from < (sector + 1) * sectorSize && to > sector * sectorSize;
      if (!touched) return;
      if ('sync' in one || one.write.synced) known.length = 0;
      known.push(sectorOf(file, sector));
    });
  });
  return states.map((known) => new Set(known));
}

const seed = 11;

test('every sector of an image holds one of the states since it was last synced', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.infiniteStream(fc.nat(100)), (steps, dice) => {
      const disk = createDisk(Buffer.alloc(room));
      for (const record of recordsOf(steps)) disk.apply(record);
      const fate: Fate = (_sector, waiting) => Number(dice.next().value) % (waiting.length + 1);
      const image = disk.image(fate, true) ?? Buffer.alloc(0);
      const wrong = allowedStates(steps).findIndex((known, sector) => !known.has(sectorOf(image, sector)));
      expect(wrong).toBe(-1);
      const all = disk.image((_sector, waiting) => waiting.length, true);
      expect(all?.equals(disk.seen())).toBe(true);
    }),
    { seed, numRuns: 300 },
  );
});

test('a file has no name on disk before its folder is synced', () => {
  const disk = createDisk(undefined);
  const nothing: Fate = () => 0;
  expect(disk.image(nothing, true)).toBeUndefined();
  disk.apply({ kind: 'open', file: 0 });
  disk.apply({ kind: 'write', file: 0, id: 1, offset: 0, bytes: Buffer.from('abc'), synced: true });
  disk.apply({ kind: 'end', id: 1, result: 3 });
  expect(disk.image(nothing, false)).toBeUndefined();
  expect(disk.image(nothing, true)?.toString()).toBe('abc');
  disk.apply({ kind: 'sync', id: 2, of: 'folder' });
  expect(disk.image(nothing, false)).toBeUndefined();
  disk.apply({ kind: 'end', id: 2, result: 0 });
  expect(disk.image(nothing, false)?.toString()).toBe('abc');
});

test('a write that has not ended when a sync begins is not covered by it', () => {
  const disk = createDisk(Buffer.alloc(3));
  disk.apply({ kind: 'write', file: 0, id: 1, offset: 0, bytes: Buffer.from('abc'), synced: false });
  disk.apply({ kind: 'sync', id: 2, of: 'file', file: 0 });
  disk.apply({ kind: 'end', id: 1, result: 3 });
  disk.apply({ kind: 'end', id: 2, result: 0 });
  expect(disk.image(() => 0, true)).toEqual(Buffer.alloc(3));
});
