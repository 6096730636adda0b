import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { unitVector } from '@drops/ir';
import { openVectorSearch, type OpenVectorSearch, type VectorType } from '@drops/search';
import { openLmdbStore, type Store } from '@drops/store';
import { randomNumbers } from './data.js';
import { interleave } from './measure.js';
import { exactUsearch, hnswlibNode, rawUsearch, type VectorLibrary } from './peers/vector-libraries.js';
import { describeMachine } from './report/machine.js';
import { markdownTable, replaceBetween } from './report/markdown.js';
import { ratio } from './report/table.js';
import { Absent } from './system.js';

/*
 * pnpm bench:vectors [--count 100000] [--dimension 384] [--type f16] [--write]: queries a second for the ten nearest, with
 * the recall that goes with them, beside usearch and hnswlib used by hand. Ours come out of a store: its snapshot, what is live, scores of
 * the stored floats.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    count: { type: 'string', default: '100000' },
    dimension: { type: 'string', default: '384' },
    type: { type: 'string', default: 'f16' },
    queries: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
    dir: { type: 'string', default: tmpdir() },
  },
});
const top = 10;
const count = Number(values.count);
const dimension = Number(values.dimension);
const types: readonly VectorType[] = ['f32', 'f16', 'i8'];
const type = types.find((one) => one === values.type);
if (!(count >= 1000 && dimension >= 2 && type)) {
  console.error('--count from 1000, --dimension from 2, --type f32, f16 or i8');
  process.exit(2);
}

const random = randomNumbers(7);
/** A number from 0 to 1. */
const share = (): number => random() / 2 ** 32;
const normal = (): number => Array.from({ length: 6 }, share).reduce((a, b) => a + b) - 3;
const centres = Array.from({ length: Math.ceil(Math.sqrt(count)) }, () =>
  Array.from({ length: dimension }, normal),
);
/** About one of the centres: vectors without structure make every graph look broken. Four decimals, as files have them. */
function clustered(): readonly number[] {
  const centre = centres[Math.floor(share() * centres.length)] ?? [];
  return centre.map((n) => Math.round((n + 0.6 * normal()) * 1e4) / 1e4);
}

const route = 'docs';

async function fillStore(store: Store, rows: Float32Array): Promise<void> {
  for (let first = 0; first < count; first += 500) {
    const operations = Array.from({ length: Math.min(500, count - first) }, (_, i) => {
      const vector = clustered();
      rows.set(vector, (first + i) * dimension);
      return { kind: 'put', route, key: String(first + i), payload: { vector } } as const;
    });
    await store.commit({ operations, writer: null });
  }
}

/** The ten nearest through a store, by the numbers that their keys are. */
async function searchStore(
  store: Store,
  search: OpenVectorSearch,
  query: Float32Array,
): Promise<readonly number[]> {
  const snapshot = await store.snapshot();
  const answer = await search.search(snapshot, [route], query, top);
  snapshot.release();
  return answer?.hits.map(({ key }) => Number(key)) ?? [];
}

interface Contender {
  readonly name: string;
  readonly build: string;
  readonly open: string;
  readonly nearest: (query: Float32Array) => readonly number[] | Promise<readonly number[]>;
}

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

function build(library: VectorLibrary, rows: Float32Array): Contender {
  const start = performance.now();
  for (let i = 0; i < count; i += 1) library.add(i, rows.subarray(i * dimension, (i + 1) * dimension));
  console.error(`${library.name}: ${seconds(start)}`);
  return {
    name: library.name,
    build: seconds(start),
    open: '',
    nearest: (query) => library.nearest(query, top),
  };
}

const folder = mkdtempSync(join(values.dir, 'drops-vectors-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const graphs = join(folder, 'graphs');
const rows = new Float32Array(count * dimension);
const store = openLmdbStore({ path: folder, durability: 'relaxed' });
const start = performance.now();
await fillStore(store, rows);
console.error(`${count} vectors of ${dimension} written: ${seconds(start)}`);
const queries = Array.from({ length: Number(values.queries) }, () => unitVector(clustered()));
const [first = new Float32Array(dimension)] = queries;

const building = performance.now();
const maker = openVectorSearch({ store, folder: graphs, type });
await searchStore(store, maker, first);
await maker.settled();
const built = seconds(building);
console.error(`our graph: ${built}`);
await maker.close();
const opening = performance.now();
const search = openVectorSearch({ store, folder: graphs, type });
await searchStore(store, search, first);
const opened = seconds(opening);
const size = readdirSync(graphs).reduce((sum, name) => sum + statSync(join(graphs, name)).size, 0);

const exact = exactUsearch(rows, dimension);
const truth = queries.map((query) => new Set(exact.nearest(query, top)));
const contenders: Contender[] = [
  {
    name: `Drops, ${type}`,
    build: built,
    open: opened,
    nearest: (query) => searchStore(store, search, query),
  },
  build(rawUsearch(dimension), rows),
];
try {
  contenders.push(build(hnswlibNode(dimension, count), rows));
} catch (thrown) {
  if (!(thrown instanceof Absent)) throw thrown;
  console.error(`skipped: ${thrown.message}`);
}
contenders.push({ name: exact.name, build: '', open: '', nearest: (query) => exact.nearest(query, top) });

async function recallOf({ nearest }: Contender): Promise<number> {
  let found = 0;
  for (const [i, query] of queries.entries()) {
    found += (await nearest(query)).filter((label) => truth[i]?.has(label)).length;
  }
  return found / (queries.length * top);
}
const recalls: number[] = [];
for (const contender of contenders) recalls.push(await recallOf(contender));

/** Queries a second over all of them. */
async function round({ nearest }: Contender): Promise<number> {
  const begun = performance.now();
  for (const query of queries) await nearest(query);
  return (queries.length * 1000) / (performance.now() - begun);
}
const figures = await interleave(
  contenders.map((contender) => () => round(contender)),
  Number(values.rounds),
);

const ours = figures[0]?.median ?? 0;
const { cpu, cores, node, date, commit } = describeMachine(
  {},
  fileURLToPath(new URL('../../..', import.meta.url)),
);
const text = `${markdownTable(
  ['vectors', 'queries a second', 'recall@10', 'Drops beside it', 'build', 'open'],
  contenders.map(({ name, build: made, open }, i) => {
    const { median = 0 } = figures[i] ?? {};
    return [
      name,
      median.toFixed(0),
      (recalls[i] ?? 0).toFixed(4),
      i === 0 ? '' : ratio(ours / median),
      made,
      open,
    ];
  }),
)}\n\n${count} vectors of ${dimension} about ${centres.length} centres, the ten nearest, one thread. Our file: ${(size / 1e6).toFixed(0)} MB. Target: at least 0.85 × usearch raw, recall at least 0.97, opened in under 2 s. ${date}, commit ${commit}: ${cpu}, ${cores} cores, Node ${node}.`;
console.log(text);
if (values.write) {
  const readme = fileURLToPath(new URL('../../../README.md', import.meta.url));
  writeFileSync(readme, replaceBetween(readFileSync(readme, 'utf8'), 'vectors', text));
}
await search.close();
await store.close();
