import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../report/machine.js';
import { labelledSet } from './labelled-set.js';
import { rankedPeers, textPeers } from './peers/index.js';
import { rankPeers } from './ranking.js';
import { measureSpeed } from './speed.js';
import { rankingTable, speedTable, targetTable } from './tables.js';

/*
 * pnpm bench:search [--only speed|ranking] [--documents 50000] [--quick] [--write]: text search beside others, how fast and how well.
 * --quick: few documents, to see that it works. --write: puts the tables into packages/bench/results/search.md.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    only: { type: 'string' },
    documents: { type: 'string', default: '50000' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const { only, quick, write } = values;
if (
  !(Number(values.documents) >= 100) ||
  (only !== undefined && !['speed', 'ranking'].includes(only)) ||
  (write && (quick || only !== undefined))
) {
  console.error('--only takes speed or ranking, --documents at least 100; --write takes a whole run');
  process.exit(2);
}
const say = (line: string): void => console.error(line);
const folder = mkdtempSync(join(tmpdir(), 'drops-bench-search-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const documents = quick ? 500 : Number(values.documents);
const parts: string[] = [];
if (only !== 'ranking') {
  const speeds = await measureSpeed(textPeers, {
    documents,
    queries: quick ? 5 : 100,
    rounds: quick ? 1 : 3,
    folder,
    say,
  });
  parts.push(
    `Over ${documents} documents of 45 words; p50 / p95 in ms. An addition is on disk and found when it is answered.\n\n${speedTable(speeds)}`,
    targetTable(speeds),
  );
}
if (only !== 'speed') {
  const set = labelledSet();
  const sizes = `${set.keywords.length} keywords, ${set.pairs.length} pairs, ${set.misspelt.length} misspelt`;
  const rankings = await rankPeers(rankedPeers, set, folder, say);
  parts.push(`${set.documents.length} documents; ${sizes}.\n\n${rankingTable(rankings)}`);
}
console.log(parts.join('\n\n'));

if (write) {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const home = join(root, 'packages', 'bench');
  const manifest: { readonly optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(home, 'package.json'), 'utf8'),
  );
  const { cpu, cores, memoryGiB, system, node, date, commit } = describeMachine({}, root);
  const versions = ['better-sqlite3', 'minisearch', 'flexsearch', '@orama/orama', 'caniuse-db'].map(
    (name) => `${name} ${manifest.optionalDependencies[name] ?? ''}`,
  );
  const machine = `${date}, commit ${commit}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, ${versions.join(', ')}.`;
  mkdirSync(join(home, 'results'), { recursive: true });
  const setUps = [...new Set([...textPeers, ...rankedPeers])].map(
    ({ name, setUp }) => `- **${name}**: ${setUp}`,
  );
  const text = [
    '# Text search beside others',
    machine,
    ...parts,
    '## How each was set up',
    setUps.join('\n'),
  ];
  writeFileSync(join(home, 'results', 'search.md'), `${text.join('\n\n')}\n`);
}
process.exit(0);
