import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomNumbers } from './data.js';
import { makeGrowthStore, type GrowthStore } from './growth-store.js';
import { alone, interleave } from './measure.js';
import { describeMachine } from './report/machine.js';
import { markdownTable, replaceBetween } from './report/markdown.js';
import { ratio } from './report/table.js';

/*
 * pnpm bench:growth [--max 1e6] [--write]: the cost of one operation in stores of 10^4, 10^5, … drops. Before a store is
 * made it says what disk and time that takes, from the store before, and does not begin where the disk is too small.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    max: { type: 'string', default: '1e6' },
    write: { type: 'boolean', default: false },
    dir: { type: 'string', default: tmpdir() },
    rounds: { type: 'string', default: '5' },
    milliseconds: { type: 'string', default: '400' },
  },
});
/** Most that an operation may cost beside the smallest store. */
const limit = 1.6;
const max = Number(values.max);
if (!(max >= 1e4 && max <= 1e9)) {
  console.error('--max is a number of drops from 1e4 to 1e9');
  process.exit(2);
}
const sizes: number[] = [];
for (let drops = 1e4; drops <= max; drops *= 10) sizes.push(drops);

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(values.dir, 'drops-growth-'));
// Also when it is interrupted: the largest stores take gigabytes.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const stores: GrowthStore[] = [];
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

/** Says what the next store takes, by the one before; false where it does not fit. */
function announce(
  drops: number,
  before: { bytes: number; drops: number; seconds: number } | undefined,
): boolean {
  if (!before) return true;
  const factor = drops / before.drops;
  const [needed, seconds] = [before.bytes * factor * 1.2, before.seconds * factor * 1.3];
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  console.error(
    `${drops} drops: about ${gigabytes(needed)} of ${gigabytes(free)} free in ${values.dir}, about ${Math.ceil(seconds)} s to make`,
  );
  return needed < free * 0.9;
}

function report(rows: readonly (readonly string[])[]): string {
  const { cpu, cores, node, date, commit } = describeMachine({}, root);
  const header = [
    'µs an operation',
    ...stores.map(({ drops }) => `10^${Math.log10(drops)} drops`),
    'grows',
    '',
  ];
  return `${markdownTable(header, rows)}\n\nTarget: at most ${limit} ×. ${date}, commit ${commit}: ${cpu}, ${cores} cores, Node ${node}.`;
}

try {
  let before: { bytes: number; drops: number; seconds: number } | undefined;
  for (const drops of sizes) {
    if (!announce(drops, before)) {
      console.error(`there is no room for ${drops} drops: not measured`);
      process.exitCode = 1;
      break;
    }
    const start = performance.now();
    let told = start;
    const store = await makeGrowthStore(join(folder, String(drops)), drops, (written) => {
      if (performance.now() - told < 10_000) return;
      told = performance.now();
      console.error(`${written} of ${drops} drops`);
    });
    stores.push(store);
    const seconds = (performance.now() - start) / 1000;
    before = { bytes: store.bytes(), drops, seconds };
    console.error(`${drops} drops: ${gigabytes(before.bytes)}, made in ${seconds.toFixed(1)} s`);
  }
  const rows: string[][] = [];
  for (const [i, { name, perRun }] of (stores[0]?.operations ?? []).entries()) {
    const effort = { rounds: Number(values.rounds), milliseconds: Number(values.milliseconds) };
    const figures = await interleave(
      stores.map(({ operations }) => (round: number) => {
        const run = operations[i]?.run ?? (() => undefined);
        return alone(run, randomNumbers(1000 + round), effort.milliseconds);
      }),
      effort.rounds,
    );
    const costs = figures.map(({ median }) => 1e6 / (median * perRun));
    const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
    const shown = costs.map((cost) => (cost >= 100 ? cost.toFixed(0) : cost.toPrecision(3)));
    rows.push([name, ...shown, ratio(growth), growth <= limit ? 'met' : 'missed']);
  }
  console.log(report(rows));
  if (values.write) {
    const readme = join(root, 'README.md');
    writeFileSync(readme, replaceBetween(readFileSync(readme, 'utf8'), 'growth', report(rows)));
  }
} finally {
  for (const store of stores) await store.close();
}
