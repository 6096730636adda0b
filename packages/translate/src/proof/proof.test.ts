import { DropsError } from '@drops/diagnostics';
import type { Plan, Relation } from '@drops/ir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { translate, translateParameterised } from '../translate.js';
import { answers } from './compare-rows.fixture.js';
import { combinations } from './combinations.fixture.js';
import { load, openMariadb, openPostgres, openSqlite, type TestDatabase } from './databases.fixture.js';
import { conditions, statements } from './queries.fixture.js';
import { orders, tables, users } from './rows.fixture.js';

/** The columns of each table, as an engine would tell them. */
const columns = (route: string): readonly string[] | undefined =>
  [users, orders].filter((t) => t.route === route).flatMap((t) => Object.keys(t.columns));

/** Neither side has a type: the one is inside JSON, the other a column. */
const untyped = 'find app/users where address.city in (find orders then pick city)';
const databases = [
  { name: 'PostgreSQL', variable: 'DROPS_TEST_PG_URL', open: openPostgres, refusals: [untyped] },
  {
    name: 'MariaDB',
    variable: 'DROPS_TEST_MARIADB_URL',
    open: openMariadb,
    refusals: [
      'find app/users where address.city = ("Oslo")',
      'find app/users where tags = ()',
      untyped,
      'find orders first memo last memo',
      'find orders group city first qty last user',
      'find orders distinct city distinct qty',
    ],
  },
  { name: 'SQLite', variable: undefined, open: openSqlite, refusals: [untyped] },
] as const;

function relationOf(plan: Plan): Relation {
  if (plan.kind !== 'Query') throw new Error(`${plan.kind} is no query`);
  return plan.relation;
}

/** Runs a statement both ways and compares each answer with the naive one. */
async function prove(db: TestDatabase, text: string): Promise<string | undefined> {
  const plan = planOf(text);
  const ordered = / sort |^list/.test(text.replace(/\(find.*?\)/g, ''));
  try {
    const { output } = translate(plan, db.dialect, { columns });
    const bound = translateParameterised(plan, db.dialect, { columns });
    for (const [sql, parameters] of [[output, undefined] as const, [bound.sql, bound.parameters] as const]) {
      const rows = await db.run(sql, parameters).catch((error: unknown) => {
        throw new Error(`${String(error)} in ${sql}`);
      });
      const { expected, found } = answers(relationOf(plan), ordered, rows);
      expect(found, sql).toEqual(expected);
    }
    return undefined;
  } catch (error) {
    if (error instanceof DropsError && error.diagnostic.code === 'UNSUPPORTED') return error.message;
    throw error;
  }
}

for (const { name, variable, open, refusals } of databases) {
  const opened = await open().catch((error: unknown) => String(error));
  if (typeof opened === 'string') {
    describe.skip(`${name}: skipped, it does not answer (${opened}); set ${variable ?? 'nothing'}`, () => {
      it.each([...conditions, ...statements])('%s', () => undefined);
    });
    continue;
  }
  describe(`${name} gives what the statement gives`, () => {
    beforeAll(async () => {
      for (const table of tables) await load(opened, table);
    });
    afterAll(() => opened.close());
    const refused: string[] = [];
    const check = async (text: string): Promise<void> => {
      if ((await prove(opened, text)) !== undefined) refused.push(text);
    };
    it.each(conditions)('where %s', (c) => check(`find app/users where ${c}`));
    it.each(statements)('%s', check);
    it('refuses these and no others', () => {
      expect(refused).toEqual(refusals);
    });
    it.each(conditions)('where not %s', (c) => check(`find app/users where not (${c})`));
    it('combinations of conditions', async () => {
      for (const c of combinations(200)) await check(`find app/users where ${c}`);
    });
  });
}
