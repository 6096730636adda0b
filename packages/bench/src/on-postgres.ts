import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeData, randomNumbers } from './data.js';
import { alone, interleave, together, type Figures } from './measure.js';
import { drops, dropsOver } from './peers/drops.js';
import { postgres } from './peers/postgres.js';
import { replaceBetween } from './report/markdown.js';
import { digest } from './run-workload.js';
import type { Operations, Peer, System } from './system.js';

/*
 * pnpm bench:postgres [--quick] [--write]: the same operations through Drops on PostgreSQL, through Drops on a folder, and as prepared statements
 * on tables of columns of the same PostgreSQL, in turn. --quick: little data, to see that it works; --write: puts the table into README.md.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const { quick, write } = values;
if (quick && write) {
  console.error('--write takes the figures of a whole run: without --quick');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'drops-bench-postgres-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const { PGHOST = '127.0.0.1', PGPORT = '5432', PGUSER = 'postgres', PGDATABASE = 'postgres' } = process.env;
const server = `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`;
const schema = `drops_bench_store_${process.pid}`;
const onPostgres = dropsOver('Drops on PostgreSQL', '', () => `${server}?schema=${schema}`);

interface Measured {
  readonly name: string;
  readonly of: keyof Operations;
  /** Loops at once; missing: one after the other. */
  readonly clients?: number;
}
const measured: readonly Measured[] = [
  { name: 'point get', of: 'pointGet' },
  { name: 'find eq + sort + limit 10, indexed', of: 'findPage' },
  { name: 'range, 100 rows, indexed', of: 'range' },
  { name: 'filter over all rows', of: 'scan' },
  { name: 'group by city: count, sum, avg', of: 'group' },
  { name: 'join, grouped', of: 'joinGrouped' },
  { name: 'durable increment', of: 'increment' },
  { name: 'durable increment, 64 callers', of: 'incrementTogether', clients: 64 },
];

const count = quick ? 500 : 20_000;
const sizes = { users: count, orders: count };
const effort = quick ? { rounds: 1, milliseconds: 20 } : { rounds: 5, milliseconds: 400 };
const data = makeData(sizes);

async function opened(peer: Peer, name: string): Promise<System> {
  const start = performance.now();
  const system = await peer.open({ folder: join(folder, name), sizes, data });
  console.error(`${peer.name}: loaded in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return system;
}

/** Contenders that answer differently must not be compared. */
async function compareAnswers(of: keyof Operations): Promise<void> {
  for (const n of [0, 12_345, 777_777]) {
    const digests = await Promise.all(
      systems.map(async ({ operations, plain }) => digest(plain(await operations[of]?.(n)), false)),
    );
    if (new Set(digests).size > 1)
      throw new Error(`${of}: the answers differ\n${digests.map((text) => text.slice(0, 600)).join('\n\n')}`);
  }
}

const shown = (rate: number): string =>
  rate >= 1000 ? `${(rate / 1000).toFixed(1)}k/s` : `${rate.toFixed(rate < 10 ? 1 : 0)}/s`;
const ratio = (a: Figures | undefined, b: Figures | undefined): string =>
  a && b ? `${(a.median / b.median).toFixed(2)} ×` : '';

const plain = await opened(postgres, 'plain');
const systems = [await opened(onPostgres, 'remote'), plain, await opened(drops, 'folder')];
const lines: string[] = [];
try {
  for (const { name, of, clients } of measured) {
    if (!of.startsWith('increment')) await compareAnswers(of);
    const rounds = systems.map(({ operations }, i) => {
      const run = operations[of];
      if (!run) throw new Error(`${String(of)} is not there`);
      const random = randomNumbers(i + 1);
      return () =>
        clients === undefined
          ? alone(run, random, effort.milliseconds)
          : together(async (n) => run(n), random, clients, effort.milliseconds);
    });
    const [remote, direct, local] = await interleave(rounds, effort.rounds);
    if (!remote || !direct || !local) throw new Error('a contender gave no figures');
    lines.push(
      `| ${name} | ${shown(remote.median)} | ${shown(direct.median)} | ${ratio(remote, direct)} | ${shown(local.median)} | ${ratio(remote, local)} |`,
    );
    console.error(lines.at(-1));
  }
} finally {
  for (const system of systems.slice(0, 1)) await system.close();
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
  for (const system of systems.slice(1)) await system.close();
}
const table = [
  '| operation | Drops on PostgreSQL | prepared statements on columns | beside them | Drops on a folder | beside it |',
  '| --- | ---: | ---: | ---: | ---: | ---: |',
  ...lines,
].join('\n');
const foot = `${count} users, ${count} orders, one process beside the database on 2 cores, medians of ${effort.rounds} rounds in turn, ${new Date().toISOString().slice(0, 10)}.`;
console.log(`${table}\n\n${foot}`);
if (write) {
  const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));
  writeFileSync(readme, replaceBetween(readFileSync(readme, 'utf8'), 'postgres', `${table}\n\n${foot}`));
}
