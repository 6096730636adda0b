import type { JsonObject } from '@drops/ir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { translate, translateParameterised } from '../translate.js';
import {
  load,
  openMariadb,
  openPostgres,
  openSqlite,
  quoteName,
  type DatabaseRow,
  type TestDatabase,
} from './databases.fixture.js';
import type { NaiveTable } from './rows.fixture.js';

const hostile = `O'Brien \\ "q" \`t\` %_! -- ; '' \\' 𝒳 é \t\n\r\u0001 $1 ? :x`;
const table: NaiveTable = {
  route: 'my/things',
  columns: { name: 'text', n: 'integer', x: 'double', ok: 'boolean', data: 'json', 'odd\'`"name': 'text' },
  drops: [
    {
      route: 'my/things',
      key: 'old',
      created_at: '2026-01-01T00:00:00.000Z',
      payload: { name: 'old', n: 1, x: 2.5, ok: true },
    },
  ],
};
const text = JSON.stringify(hostile);

/** A statement, the key it touches, and the row it must leave; nothing for a row that is gone. */
const writes: readonly (readonly [string, string, JsonObject | undefined])[] = [
  [
    'save my/things @a name: "Alice" n: 3 x: 0.1 ok: true',
    'a',
    { name: 'Alice', n: 3, x: 0.1, ok: true, data: null },
  ],
  ['save my/things @a name: "Bob" ok: false', 'a', { name: 'Bob', ok: false }],
  ['save my/things @e {}', 'e', { name: null, n: null }],
  ['save my/things @e {}', 'e', { name: null, n: null }],
  [`save my/things @h name: ${text}`, 'h', { name: hostile }],
  [`save my/things @h "odd'\`\\"name": ${text}`, 'h', { 'odd\'`"name': hostile, name: hostile }],
  [
    `save my/things @j data: { s: ${text}, list: (1, "a", null, true), deep: { a: { b: 1e21 } } }`,
    'j',
    { data: { s: hostile, list: [1, 'a', null, true], deep: { a: { b: 1e21 } } } },
  ],
  ['save my/things @n x: 1e21 n: -9007199254740991', 'n', { x: 1e21, n: -9007199254740991 }],
  ['save my/things @n x: 5e-324', 'n', { x: 5e-324 }],
  ['update my/things @old name: "new" n: null', 'old', { name: 'new', n: null, x: 2.5, ok: true }],
  ['update my/things @old {}', 'old', { name: 'new' }],
  ['add 5 to my/things @old n', 'old', { n: 5 }],
  ['subtract 7 from my/things @old n', 'old', { n: -2 }],
  ['add 3 to my/things @fresh n', 'fresh', { n: 3, name: null }],
  ['save my/things @abs name: "x" if absent', 'abs', { name: 'x' }],
  ['remove my/things @a', 'a', undefined],
  [
    'bulk (save my/things @b1 n: 1, save my/things @b2 n: 2, add 4 to my/things @b1 n, remove my/things @b2)',
    'b1',
    { n: 5 },
  ],
  ['find my/things where n = 5 then remove', 'b1', undefined],
  ['find my/things sort key limit 1 then remove', 'abs', undefined],
];

const databases = [
  ['PostgreSQL', openPostgres],
  ['MariaDB', openMariadb],
  ['SQLite', openSqlite],
] as const;

/** What a driver gives for a boolean or JSON column, as JSON. */
function plain(value: unknown, wanted: unknown): unknown {
  if (typeof wanted === 'boolean') return Boolean(value);
  return typeof wanted === 'object' && wanted !== null && typeof value === 'string'
    ? JSON.parse(value)
    : value;
}

async function rowOf(db: TestDatabase, key: string): Promise<DatabaseRow | undefined> {
  const name = quoteName(db.dialect, table.route);
  const rows = await db.run(`SELECT * FROM ${name} WHERE ${quoteName(db.dialect, '_key')} = '${key}'`);
  return rows[0];
}

async function execute(db: TestDatabase, statement: string, bound: boolean): Promise<void> {
  const plan = planOf(statement);
  // A transaction is several statements, which no driver prepares as one.
  if (bound && plan.kind !== 'Batch') {
    const { sql, parameters } = translateParameterised(plan, db.dialect);
    await db.run(sql, parameters);
  } else await db.run(translate(plan, db.dialect).output);
}

for (const [name, open] of databases) {
  for (const bound of [false, true]) {
    const opened = await open().catch((error: unknown) => String(error));
    const title = `${name}, ${bound ? 'values bound' : 'values in the text'}`;
    if (typeof opened === 'string') {
      describe.skip(`${title}: skipped, it does not answer (${opened})`, () => {
        it.each(writes)('%s', () => undefined);
      });
      continue;
    }
    describe(title, () => {
      beforeAll(() => load(opened, table));
      afterAll(() => opened.close());
      it.each(writes)('%s', async (statement, key, expected) => {
        await execute(opened, statement, bound);
        const row = await rowOf(opened, key);
        if (!expected) expect(row).toBeUndefined();
        for (const [column, value] of Object.entries(expected ?? {})) {
          expect([column, plain(row?.[column], value)]).toEqual([column, value]);
        }
      });
      it('U+0000 is kept or refused, never lost', async () => {
        const saved = execute(opened, 'save my/things @nul name: "a\\u0000b"', bound);
        if (opened.dialect === 'sql') {
          await expect(saved).rejects.toThrow('cannot hold U+0000');
          return;
        }
        await saved;
        expect(await rowOf(opened, 'nul')).toMatchObject({ name: 'a\u0000b' });
      });
      it('if absent: a second row of the key is refused', async () => {
        await execute(opened, 'save my/things @twice name: "x" if absent', bound);
        await expect(execute(opened, 'save my/things @twice name: "y" if absent', bound)).rejects.toThrow();
        expect(await rowOf(opened, 'twice')).toMatchObject({ name: 'x' });
      });
    });
  }
}
