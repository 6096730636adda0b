import fc from 'fast-check';
import { DropsError } from '@drops/diagnostics';
import { isObject, type Json } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { dropsOf, events, hostile, piecesOf, shapes, textOf, type Sample } from './drops.fixture.js';
import type { ImportRow } from './import-row.js';
import { readImport } from './read/read-import.js';

async function samplesOf(format: (typeof shapes)[number]['format'], text: string, size: number) {
  const rows: ImportRow[] = [];
  for await (const row of readImport(format, piecesOf(text, size), { now: 0 })) rows.push(row);
  return rows.map((row): Sample => {
    if (row.kind !== 'drop') throw new Error(`line ${row.line}: ${row.kind}`);
    const { key, payload, price, expiresAt } = row;
    return {
      key,
      payload,
      ...(price !== undefined && { price }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
  });
}

const names = [
  'a',
  'b',
  'a.b',
  '__proto__',
  'constructor',
  'é"\'`',
  '0',
  'x y',
  '\\',
  '\\text',
  'x\\.y',
  'key',
];
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    '10',
    '007',
    'true',
    'null',
    '[1]',
    '{"a":1}',
    '"',
    '""',
    "'",
    '\\',
    "\\'",
    '\n',
    '\r',
    ',',
    '-0',
  ),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 4, selector: ([n]) => n })
      .map((members): Json => Object.fromEntries(members)),
  ),
}));
const payload = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5, selector: ([n]) => n })
  .map((members): Json => Object.fromEntries(members));
const samples = fc
  .array(payload, { maxLength: 6 })
  .map((payloads) => payloads.map((p, i): Sample => ({ key: i % 3 === 2 ? null : `k${i}`, payload: p })));

function withoutNulls(of: Json): Json {
  if (!isObject(of)) return of;
  return Object.fromEntries(Object.entries(of).filter(([, member]) => member !== null));
}

describe.each(shapes)('$format $dialect', (shape) => {
  const again = async (first: readonly Sample[], size: number) => {
    const written = await textOf(dropsOf(first), shape);
    const read = await samplesOf(shape.format, written, size);
    return { written, read, rewritten: await textOf(dropsOf(read), shape) };
  };

  it.each([
    ['hostile values', hostile],
    ['events', events],
    ['nothing', []],
  ])('comes back byte for byte: %s', async (_name, first) => {
    const { written, read, rewritten } = await again(first, 7);
    expect(rewritten).toBe(written);
    expect(read.map((s) => ({ ...s, payload: withoutNulls(s.payload) }))).toEqual(
      first.map((s) => ({ ...s, payload: withoutNulls(s.payload) })),
    );
  });

  it('comes back with its life span and price, where drops are shown whole', async () => {
    const spans: readonly Sample[] = [
      { key: 'a', payload: { n: 1 }, price: 0.25, expiresAt: 1_800_000_000_001 },
      { key: null, payload: 'x', price: 3 },
      { key: 'c', payload: {}, expiresAt: 253_402_300_799_999 },
    ];
    const { written, read, rewritten } = await again(spans, 11);
    expect(rewritten).toBe(written);
    if (shape.format === 'ndjson' || shape.format === 'json') expect(read).toEqual(spans);
  });

  it('comes back whatever the payloads are', async () => {
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 40 }), async (first, size) => {
        const result = await again(first, size).catch((error: unknown) => {
          // A product refuses what it cannot hold; nothing comes back of that.
          if (error instanceof DropsError && error.diagnostic.code === 'UNSUPPORTED') return undefined;
          throw error;
        });
        fc.pre(result !== undefined);
        const { written, read, rewritten } = result;
        expect(rewritten).toBe(written);
        expect(read.map((s) => withoutNulls(s.payload))).toEqual(first.map((s) => withoutNulls(s.payload)));
      }),
      { numRuns: 150 },
    );
  });
});
