import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DropsError } from '@drops/diagnostics';
import { stripSpans, type Json } from '@drops/ir';
import type { Definitions } from '@drops/store';
import { shapeOf } from '@drops/syntax';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { open } from './open.js';
import { parseScript, prepareStatement, type PreparedStatement } from './prepare.js';
import { createPreparer } from './preparer.js';

const runs = Number(process.env['DROPS_RUNS'] ?? 300);
const definitions: Definitions = { epoch: 1, patterns: new Map(), views: new Map() };
const params = new Map<string, Json>([
  ['n', 3],
  ['t', 'x'],
]);

const reads = [
  'get r @a',
  'r @a',
  'get r @a history limit 2',
  'get r @a as of tx 3',
  'get r @"a"',
  'find r where n = 5',
  'find r where 5 = n and t != "x"',
  'find r where "n" = 5 and n between 1 and 7',
  'find r where n in (1, 2, 3) or t in ("a", "b")',
  'find r where key = "a" and n > 2',
  'find r where key in ("a", "b", "c")',
  'find r where t contains "a" or t starts with "b" or t ends with "c"',
  'find r where n > 2 and n < 7 sort n desc limit 2 skip 1',
  'find r where n + 1 > 3 * 2 and len(t) > 0 and coalesce(m, 4) = 4 limit 5',
  'find r where 1 < 2 and n > 1',
  'find r where n > 1 group t count sum n limit 3',
  'find r where n > 2 then pick t, n then first 2',
  'find r where n in (find s where n > 1 then pick n) limit 3',
  'find r where n > 1 join s on n = n where t = "a" limit 4',
  'find r where n > $n and t != "q" limit 4',
  'find r where o.a = 3 and o.b = "x"',
  'find r where l = (1, 2)',
  'find r where n = 1.5 or not n = 3',
  'find r where n != 3 sort len(t), t limit 3',
  'search docs "a b" top 3',
  'find 2024 where n = 5',
  'list r limit 2',
  'list r then count',
  'count r where t = "a" or n >= 4',
  'count r where n between 2 and "a"',
  'find r where t = "2026-01-01" and created_at < "2030-01-01"',
  'find r as of "2020-01-01" where n = 1',
  'find r where x = {"a": 1, b: "t"}',
  'find r where n > 1 limit 2 after "abc"',
];
const writes = [
  'save r @a n: 1 t: "x"',
  'save r @a {"n": 1, "t": "x", "l": [1, "b"]} keep 60',
  'save r n: 5',
  'save r @a "text"',
  'update r @a t: "y" if version = 3',
  'remove r @a',
  'add 5 to r @a n',
  'add 2 to n of r @a',
  'bulk (save r @a n: 1, save r @b n: 2)',
  'find r where n > 3 then remove',
  'find r where n > 3 then save to s',
];
/** Statements that no template may stand for. */
const others = [
  'explain find r where n = 5',
  'translate "find r where n = 5" to sql',
  'find r where n = 5 as v',
  'every 5 minutes run f',
  'status job "abc"',
  'find r where n == 5',
  'find r limit 3 limit 4',
  'mail to "a@b.c" subject "x" body "y"',
  'define r fields n: number',
  'save r @a n: 1; save r @b n: 2',
];

const literal = {
  text: fc.oneof(
    fc.constantFrom(
      '""',
      '"a"',
      '"b"',
      '"x"',
      '"n"',
      "'it'",
      '"2026-01-01"',
      '"nul"',
      '"😀 ä"',
      '"abc"',
      '"\ud800"',
    ),
    fc.stringMatching(/^"[a-z ]{0,12}"$/),
  ),
  number: fc.constantFrom('0', '1', '2', '3', '7', '10', '1.5', '0.0', '007', '99999', '123456789012345'),
  key: fc.constantFrom('@a', '@b', '@none', '@_access', '@1', '@.', `@${'k'.repeat(300)}`, '@a-b.c'),
} as const;

/** The text with other literals. */
function mutated(text: string): fc.Arbitrary<string> {
  const literals = shapeOf(text)?.literals ?? [];
  return fc.tuple(...literals.map(({ kind }) => literal[kind])).map((given) => {
    let result = '';
    let from = 0;
    for (const [i, { start, end }] of literals.entries()) {
      result += text.slice(from, start) + (given[i] ?? '');
      from = end;
    }
    return result + text.slice(from);
  });
}

/** All that can be seen of a statement: what it means, or what is wrong with it and where. */
function outcome(statement: PreparedStatement | undefined): unknown {
  try {
    const ready = statement?.ready(definitions, params);
    if (!ready) return undefined;
    const { plan, effects, warnings } = ready;
    // The relation of a query may be made when it is asked for.
    const whole = plan.kind === 'Query' ? { ...plan, relation: plan.relation } : plan;
    return { plan: stripSpans(whole), effects, warnings };
  } catch (thrown) {
    if (thrown instanceof DropsError) return { error: thrown.diagnostic };
    throw thrown;
  }
}

const alone = (text: string) => parseScript(text).map(prepareStatement).map(outcome);

describe('a text of a shape that was seen', () => {
  test('means what it means alone, errors and warnings included', () => {
    const prepare = createPreparer(1000);
    let templated = 0;
    const property = fc.property(
      fc
        .constantFrom(...reads, ...writes, ...others)
        .chain((text) => fc.array(mutated(text), { minLength: 3, maxLength: 3 })),
      (texts) => {
        for (const text of texts) {
          const prepared = prepare(text);
          expect(prepared.map(outcome), text).toEqual(alone(text));
          if (isTemplated(prepared)) templated += 1;
        }
      },
    );
    fc.assert(property, { numRuns: 4 * runs });
    expect(templated).toBeGreaterThan(runs);
  });

  test('is compiled out of a template', () => {
    for (const text of [...reads, ...writes].filter((one) =>
      /get r @a$|where n = 5$|^save r @a n|^remove/.test(one),
    )) {
      const prepare = createPreparer(10);
      prepare(text);
      const other = text.replaceAll('@a', '@other').replaceAll('5', '6').replaceAll('1', '8');
      const prepared = prepare(other);
      expect(prepared.map(outcome)).toEqual(alone(other));
      expect(isTemplated(prepared), text).toBe(true);
    }
    for (const text of others) {
      const prepare = createPreparer(10);
      prepare(text);
      expect(isTemplated(prepare(text.replaceAll('5', '6').replaceAll('"abc"', '"d"')))).toBe(false);
    }
  });
});

/** A template's plan has the spans of the text it was made of, which is not this text's when the lengths differ. */
function isTemplated(prepared: readonly PreparedStatement[]): boolean {
  const [only] = prepared;
  try {
    return only?.ready(definitions, params).place !== parseScriptPlace;
  } catch {
    return false;
  }
}
const [plain] = parseScript('find r').map(prepareStatement);
const parseScriptPlace = plain?.ready(definitions, params).place;

describe('running', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drops-shapes-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the answers through a template are those of the text alone, with and without indexes', async () => {
    const engine = await open({ data: folder, clock: () => 1_800_000_000_000 });
    const options = { params: { n: 3, t: 'x' } };
    await engine.exec('define r index n');
    await engine.exec('define r index t, n');
    const drops = Array.from({ length: 60 }, (_, i) => ({
      key: i % 7 === 0 ? null : (['a', 'b', 'c', 'd', `k${i}`][i % 5] ?? null),
      payload: { n: i % 9, t: ['a', 'b', 'x', 'abc', 'it'][i % 5] ?? '', l: [1, 2], o: { a: 3, b: 'x' } },
    }));
    await engine.write('r', drops);
    await engine.write('s', drops.slice(0, 20));
    const property = fc.asyncProperty(
      fc.constantFrom(...reads).chain((text) => fc.array(mutated(text), { minLength: 4, maxLength: 4 })),
      async (texts) => {
        for (const text of texts) {
          const quick = await engine.exec(text, options);
          // A comment at the end keeps the places and is never taken for a shape.
          const slow = await engine.exec(`${text} -- alone`, options);
          expect(quick, text).toEqual(slow);
        }
      },
    );
    await fc.assert(property, { numRuns: runs });
    await engine.close();
  });
});
