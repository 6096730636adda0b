import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DropsError } from '@drops/diagnostics';
import { open, type Engine, type EngineOptions } from '@drops/engine';
import { isArray, isObject, type Json } from '@drops/ir';
import { fidelityText, translate } from '@drops/translate';
import { removeData, schemaOf } from '../database-place.js';
import { answer } from './answer.js';
import { difference, type DriverRow } from './compare.js';
import type { Database } from './databases.js';
import { planOfDrops, unequalFrontEnds } from './front-ends.js';
import type { Question, Tables } from './model.js';
import { toDrops, toJson, toSql } from './syntaxes.js';

/** One way to run a question. */
interface Way {
  readonly name: string;
  readonly run: (question: Question) => Promise<Answered>;
}
/** What a way answered; `refused` and `approximate` with the reason. */
type Answered =
  | { readonly kind: 'rows'; readonly rows: readonly DriverRow[]; readonly fidelity?: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'not said' };

const engineOptions: readonly (readonly [name: string, options: Partial<EngineOptions>, data?: string])[] = [
  ['LMDB, indexes and columns wherever they can be', { paths: 'always' }],
  ['LMDB, neither', { paths: 'never' }],
  ['LMDB, rules off', { optimise: false }],
];

function rowsOf(reply: { readonly status: number; readonly body: Json }): readonly DriverRow[] {
  const results = isObject(reply.body) ? reply.body['results'] : undefined;
  if (reply.status !== 200 || !isArray(results ?? null)) throw new Error(JSON.stringify(reply.body));
  return (results as readonly Json[]).filter(isObject);
}

async function load(engine: Engine, tables: Tables): Promise<void> {
  for (const [route, entities] of Object.entries(tables)) {
    const reply = await engine.write(
      route,
      entities.map(({ key, payload }) => ({ key, payload })),
    );
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  }
}

const indexes = [
  'orders index city',
  'orders index amount',
  'orders index city, amount',
  'orders index user',
  'orders index paid',
  'users index age',
  'users index name',
];

/** Runs a translation where its schema is known; its fidelity comes along. */
function databaseWay(database: Database, columns: (route: string) => readonly string[] | undefined): Way {
  return {
    name: database.name,
    async run(question) {
      try {
        const { output, fidelity } = translate(planOfDrops(toDrops(question)), database.dialect, { columns });
        return {
          kind: 'rows',
          rows: await database.run(output),
          fidelity: fidelityText(fidelity).split(':')[0] ?? '',
        };
      } catch (thrown) {
        if (thrown instanceof DropsError && thrown.diagnostic.code === 'UNSUPPORTED')
          return { kind: 'refused', why: thrown.message };
        throw thrown;
      }
    },
  };
}

/** What opens for a set of rows: every way to ask it. */
export interface Bench {
  /** The differences of a question; counts what was compared. */
  check(question: Question, counts: Counts): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How often each way was compared, by fidelity, and how often it refused. */
export type Counts = Map<string, Map<string, number>>;

function count(counts: Counts, way: string, what: string): void {
  const of = counts.get(way) ?? new Map<string, number>();
  counts.set(way, of.set(what, (of.get(what) ?? 0) + 1));
}

let made = 0;

/** Loads the rows into three engines (and one over `store`, the address of a database) and, by their own exports, into the databases. */
export async function openBench(
  tables: Tables,
  databases: readonly Database[],
  store: string | undefined,
): Promise<Bench> {
  const places: string[] = [];
  const engines: Engine[] = [];
  const ways: Way[] = [];
  made += 1;
  const remote =
    store === undefined
      ? []
      : [['PostgreSQL as the store', {}, schemaOf(store, `drops_ask_${process.pid}_${made}`)] as const];
  for (const [name, options, address] of [...engineOptions, ...remote]) {
    const data = address ?? mkdtempSync(join(tmpdir(), 'drops-differential-'));
    places.push(data);
    const engine = await open({ data, durability: 'relaxed', ...options });
    engines.push(engine);
    await load(engine, tables);
    ways.push({
      name,
      run: async (question) => ({ kind: 'rows', rows: rowsOf(await engine.exec(toDrops(question))) }),
    });
  }
  const [first] = engines;
  if (!first) throw new Error('no engine');
  for (const index of indexes) await first.exec(`define ${index}`);
  ways.push({
    name: 'POST /query',
    run: async (question) => {
      const body = toJson(question);
      return body ? { kind: 'rows', rows: rowsOf(await first.query(body)) } : { kind: 'not said' };
    },
  });
  ways.push({
    name: 'POST /sql',
    run: async (question) => ({ kind: 'rows', rows: rowsOf(await first.sql({ query: toSql(question) })) }),
  });
  const columns = (route: string): readonly string[] | undefined =>
    route === 'orders' || route === 'users'
      ? [...new Set(tables[route].flatMap(({ payload }) => Object.keys(payload)))]
      : undefined;
  for (const database of databases) {
    for (const route of ['orders', 'users'] as const) {
      const script = await first.exec(
        `export ${route} as sql${database.dialect === 'sql' ? '' : ` dialect ${database.dialect}`}`,
      );
      const output = isObject(script.body) ? script.body['output'] : undefined;
      if (typeof output !== 'string') throw new Error(JSON.stringify(script.body));
      await database.load(`DROP TABLE IF EXISTS ${route};`);
      await database.load(output);
    }
    ways.push(databaseWay(database, columns));
  }
  return {
    async check(question, counts) {
      const expected = answer(question, tables);
      const found = [...(await unequalFrontEnds(question))];
      for (const way of ways) {
        try {
          const answered = await way.run(question);
          if (answered.kind === 'not said') continue;
          count(
            counts,
            way.name,
            answered.kind === 'refused' ? 'refused' : (answered.fidelity ?? 'compared'),
          );
          if (answered.kind === 'refused') continue;
          const wrong = difference(question, expected, answered.rows);
          if (wrong !== undefined) found.push(`${way.name}: ${wrong}`);
        } catch (thrown) {
          found.push(`${way.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }
      return found;
    },
    async close() {
      for (const engine of engines) await engine.close();
      for (const place of places) await removeData(place);
    },
  };
}
