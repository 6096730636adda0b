import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import type { Json, JsonObject } from '@drops/ir';
import { cityOf, userKey, type User } from '../data.js';
import {
  argumentsOf,
  batchRows,
  chunksOf,
  scanned,
  type Operations,
  type Peer,
  type Row,
  type Setting,
  type System,
} from '../system.js';

type Record = { readonly [name: string]: Json };

function isRecord(value: Json | undefined): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The statements, written once: what is measured is their way from this text to the answer. */
export const statements = {
  pointGet: 'get users @$id',
  findPage: 'find users where city = $city sort score desc limit 10',
  range: 'find users where score >= $least sort score limit 100',
  scan: 'find users where age = $age and status = $status and score < $below',
  group: 'find users group city count sum score avg age',
  joinGrouped: 'find orders join users on user_id = key group city count sum amount',
  joinPage:
    'find orders where placed >= $first sort placed limit 100 join users on user_id = key then pick key, amount, name',
  increment: 'add 1 to counters @$id n',
  update: 'update users @$id score: $score city: $city',
} as const;

/** Defines indexes and waits until they are built. */
export async function defineIndexes(
  engine: Engine,
  route: string,
  indexes: readonly string[],
): Promise<void> {
  for (const fields of indexes) await ask(engine, `define ${route} index ${fields}`);
  for (;;) {
    const status = await ask(engine, `status ${route}`);
    const list = isRecord(status) ? status['indexes'] : undefined;
    const building =
      Array.isArray(list) && list.some((index) => isRecord(index) && index['state'] !== 'ready');
    if (!building) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs a text whose failure is a fault of the benchmark. */
export async function ask(engine: Engine, text: string, params?: JsonObject): Promise<Json> {
  const { status, body } = await engine.exec(text, params && { params });
  if (status !== 200) throw new Error(`${text}: ${JSON.stringify(body)}`);
  return body;
}

export async function write(
  engine: Engine,
  route: string,
  rows: readonly (User | { readonly key: string })[],
): Promise<void> {
  for (const batch of chunksOf(rows, batchRows)) {
    const drops = batch.map(({ key, ...payload }) => ({ key, payload }));
    const { status, body } = await engine.write(route, drops);
    if (status !== 200) throw new Error(`write ${route}: ${JSON.stringify(body).slice(0, 500)}`);
  }
}

function bulkText(route: string, users: readonly User[]): string {
  const saves = users.map(
    (u) =>
      `save ${route} @${u.key} name: "${u.name}" email: "${u.email}" age: ${u.age} status: "${u.status}" ` +
      `city: "${u.city}" score: ${u.score} bio: "${u.bio}"`,
  );
  return `bulk (${saves.join(',\n')})`;
}

const userIndexes = ['city, score', 'score'];

/** A drop or a row of an answer with its payload beside its key. */
function plainRow(row: Record): Row {
  const { payload, ...rest } = row;
  const fields = isRecord(payload) ? { ...rest, ...payload } : rest;
  const named: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(fields)) named[name.replace(/^(sum|avg)_.*/, '$1')] = value;
  return named;
}

function plain(answer: unknown): readonly Row[] {
  const body = (answer as { readonly body: Json }).body;
  if (!isRecord(body) || 'error' in body) throw new Error(`Drops: ${JSON.stringify(body)}`);
  const rows = body['results'];
  return (Array.isArray(rows) ? rows : [body]).filter(isRecord).map(plainRow);
}

function operationsOf(engine: Engine, { sizes }: Setting): Operations {
  const of = argumentsOf(sizes);
  const run = (text: string, params: JsonObject) => engine.exec(text, { params });
  const increment = async (n: number): Promise<void> => {
    const { status } = await run(statements.increment, { id: of.counter(n) });
    if (status !== 200) throw new Error(`add answered ${status}`);
  };
  return {
    pointGet: (n) => run(statements.pointGet, { id: userKey(of.user(n)) }),
    pointGetText: (n) => engine.exec(`get users @${userKey(of.user(n))}`),
    findPage: (n) => run(statements.findPage, { city: cityOf(n) }),
    range: (n) => run(statements.range, { least: of.score(n) }),
    scan: () => run(statements.scan, { ...scanned, below: of.middleScore }),
    group: () => engine.exec(statements.group),
    joinGrouped: () => engine.exec(statements.joinGrouped),
    joinPage: (n) => run(statements.joinPage, { first: of.placed(n) }),
    increment,
    incrementTogether: increment,
    updateTogether: async (n) => {
      const params = { id: userKey(of.user(n)), score: of.newScore(n), city: cityOf(n) };
      const { status } = await run(statements.update, params);
      if (status !== 200) throw new Error(`update answered ${status}`);
    },
  };
}

/** Drops over the data at a place. */
export const dropsOver = (name: string, setUp: string, place: (setting: Setting) => string): Peer => ({
  name,
  setUp,
  async open(setting) {
    const engine = await open({ data: place(setting), automaticIndexes: false });
    const { data } = setting;
    if (data) {
      await write(engine, 'users', data.users);
      await write(engine, 'orders', data.orders);
      await defineIndexes(engine, 'users', userIndexes);
      await defineIndexes(engine, 'orders', ['placed']);
      await engine.settled();
    }
    let loads = 0;
    const freshRoute = async (): Promise<string> => {
      loads += 1;
      const route = `loads/${process.pid}-${loads}`;
      await defineIndexes(engine, route, userIndexes);
      return route;
    };
    const system: System = {
      operations: operationsOf(engine, setting),
      plain,
      async bulkLoad(users) {
        await write(engine, await freshRoute(), users);
      },
      async bulkLoadText(users) {
        const route = await freshRoute();
        for (const batch of chunksOf(users, batchRows)) await ask(engine, bulkText(route, batch));
      },
      close: () => engine.close(),
    };
    return system;
  },
});

export const drops: Peer = dropsOver(
  'Drops',
  'engine.exec(text, params) in process; durability full; chain on; only the indexes that are defined',
  ({ folder }) => join(folder, 'data'),
);

/** Where processes leave columns for those that come after them. */
export const columnsIn = (folder: string): string => join(folder, 'data', 'columns');

/** Bodies of POST /exec: the text that a prepared statement would be, and the values. */
export const requests = {
  pointGet: (n: number, sizes: Setting['sizes']): string =>
    JSON.stringify({ query: statements.pointGet, params: { id: userKey(argumentsOf(sizes).user(n)) } }),
  findPage: (n: number): string =>
    JSON.stringify({ query: statements.findPage, params: { city: cityOf(n) } }),
};
