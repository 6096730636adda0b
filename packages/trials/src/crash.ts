import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crashRounds } from './crash-rounds.js';

/*
 * pnpm crash [--rounds 200] [--seed 1] [--workers N] [--data postgres://…] [--fill MB] [--memory MB]: with --workers the server has so many
 * processes; with --data postgres://… the stores are in schemas of that database, whose backends are ended too; with --fill the stores have so many MB, and their processes may use --memory (default a quarter of it, at
 * least 192) where the system can limit that. Exit code 1 when anything acknowledged was lost, or anything else is wrong.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    fill: { type: 'string', default: '0' },
    memory: { type: 'string' },
    workers: { type: 'string', default: '0' },
    data: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const fill = Number(values.fill);
const leastMemory = 192;
const memory = Number(values.memory ?? Math.max(leastMemory, Math.ceil(fill / 4)));
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const started = performance.now();
const seconds = (): string => `${Math.round((performance.now() - started) / 1000)} s`;

const summary = await crashRounds({
  rounds,
  seed,
  fill,
  memory: fill > 0 ? memory : undefined,
  database: values.data,
  programs: {
    drops: path('../../cli/bin/drops.js'),
    engine: path('./engine-process.js'),
    workers: Number(values.workers),
  },
  onRound({ number, mode, after, ms }, { acknowledged, records, problems }) {
    const when = `killed ${ms} ms after its ${after === 'acknowledgement' ? 'first acknowledgement' : after}`;
    const verdict = problems.length === 0 ? 'ok' : `WRONG: ${problems.join('; ')}`;
    console.log(
      `round ${number}: ${mode}, ${when}: ${acknowledged} acknowledged, ${records} records verified: ${verdict}`,
    );
  },
});
const { acknowledged, unacknowledged, limited, problems } = summary;
const filled =
  fill === 0 ? '' : ` on stores of ${fill} MB with ${limited ? `${memory} MB` : 'UNLIMITED'} memory`;
console.log(
  `crash: ${rounds} rounds with ${fill === 0 ? 8 : 9} writers${filled}, seed ${seed}: ${acknowledged} acknowledged writes, ` +
    `${unacknowledged} more were whole though not acknowledged; ${problems.length === 0 ? 'nothing lost' : 'NOT AS IT MUST BE'}; ` +
    `every chain verified, ${fill === 0 ? 'every rebuilt copy' : 'a rebuilt copy of each store'} compared; ${seconds()}`,
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
