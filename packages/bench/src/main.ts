import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBench } from './bench.js';
import { peers } from './peers/index.js';
import { describeResult } from './report/console.js';
import { describeMachine, isMemory } from './report/machine.js';
import { fullReport, readmeSection, replaceBetween, shortReport, type Report } from './report/markdown.js';
import { chart } from './report/svg.js';
import { runWorkload, type Result } from './run-workload.js';
import { workloads } from './workloads/index.js';

/*
 * pnpm bench [--only NAME]… [--peer NAME]… [--quick] [--write] [--json]: every contender on the same data in the same run.
 * --quick: little data and short rounds, to see that it works; its figures mean nothing.
 * --write: puts the tables into README.md and packages/bench/results. --json: prints the results as JSON.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    only: { type: 'string', multiple: true },
    peer: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    dir: { type: 'string', default: tmpdir() },
  },
});
const say = (line: string): void => console.error(line);
const { only } = values;
const known = workloads.map(({ name }) => name);
const peerNames = peers.map(({ name }) => name);
const unknown = [
  ...(only ?? []).filter((name) => !known.includes(name)),
  ...(values.peer ?? []).filter((name) => !peerNames.includes(name)),
];
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(', ')}; workloads: ${known.join(', ')}; peers: ${peerNames.join(', ')}`);
  process.exit(2);
}
if (values.write && (values.quick || only || values.peer)) {
  say('--write takes the figures of a whole run: without --quick, --only and --peer');
  process.exit(2);
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = join(root, 'packages', 'bench');
const count = values.quick ? 1000 : 100_000;
const sizes = { users: count, orders: count };
const effort = values.quick
  ? { rounds: 1, milliseconds: 5, warmUp: 5 }
  : { rounds: 5, milliseconds: 400, warmUp: 2000 };
const folder = mkdtempSync(join(values.dir, 'drops-bench-'));
if (isMemory(folder))
  say(`WARNING: ${folder} is in memory: a sync costs nothing there, durable rows mean nothing`);

// Whoever interrupts a run leaves no gigabyte behind; servers that were started end with this process.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const bench = createBench({ folder, sizes, effort, peers: values.peer, say });
const results: Result[] = [];
try {
  for (const workload of workloads) {
    if (only && !only.includes(workload.name)) continue;
    const start = performance.now();
    const result = await runWorkload(workload, bench, say);
    say(`${workload.name} took ${((performance.now() - start) / 1000).toFixed(1)} s`);
    results.push(result);
    if (!values.json) console.log(`\n${describeResult(result)}`);
  }
} finally {
  await bench.close();
}

const manifest: { dependencies: Record<string, string>; optionalDependencies: Record<string, string> } =
  JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const machine = describeMachine({ ...manifest.dependencies, ...manifest.optionalDependencies }, root);
const report: Report = { machine, sizes, effort, results };
if (values.json) console.log(JSON.stringify(report));
else console.log(`\n${shortReport(report)}`);

const skipped = results.flatMap((result) => result.skipped);
const absent = new Map(skipped.map(({ contender, why }) => [contender, why]));
for (const [contender, why] of absent) say(`SKIPPED: ${contender}: ${why}`);
say(`${absent.size} contenders skipped, ${results.length} workloads measured`);

if (values.write) {
  const place = join(home, 'results');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'results.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(place, 'README.md'), fullReport(report, peers));
  writeFileSync(join(place, 'chart.svg'), chart(results));
  const readme = join(root, 'README.md');
  writeFileSync(readme, replaceBetween(readFileSync(readme, 'utf8'), 'bench', readmeSection(report)));
}
// Some peers keep threads that hold the process.
process.exit(0);
