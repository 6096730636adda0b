import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildInterposer } from './power-loss/interposer.js';
import { powerLossRounds } from './power-loss/rounds.js';
/*
 * pnpm power-loss [--rounds 200] [--seed 1] [--durability full]: exit code 1 when an image of the disk does not hold what
 * it must, or when the trial cannot be run here.
 */
const { values } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== '--'),
    options: {
        rounds: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        durability: { type: 'string', default: 'full' },
    },
});
const rounds = Number(values.rounds);
const durability = values.durability === 'relaxed' ? 'relaxed' : 'full';
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const started = performance.now();
async function run(interposer) {
    const { acknowledged, problems } = await powerLossRounds({
        rounds,
        seed: Number(values.seed),
        durability,
        programs: {
            interposer,
            writing: path('./power-loss/writing-process.js'),
            checking: path('./power-loss/checking-process.js'),
        },
        onRound({ number, cut, records, fate, acknowledged: count, findings }) {
            const verdict = findings.problems.length === 0 ? 'ok' : `WRONG: ${findings.problems.join('; ')}`;
            console.log(`round ${number}: power lost at ${cut} of ${records}, of the unsynced on disk: ${fate}; ` +
                `${count} acknowledged, ${findings.records} records verified: ${verdict}`);
        },
    });
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`power-loss: ${rounds} images, durability ${durability}, seed ${values.seed}: ${acknowledged} acknowledged writes looked for; ` +
        `${problems.length === 0 ? 'every store whole' : `${problems.length} PROBLEMS`}; ${seconds} s`);
    for (const problem of problems)
        console.error(problem);
    process.exitCode = problems.length === 0 ? 0 : 1;
}
const folder = mkdtempSync(join(tmpdir(), 'drops-interposer-'));
try {
    const built = buildInterposer(folder);
    if ('missing' in built) {
        console.error(`power-loss: SKIPPED, 0 of ${rounds} images checked: ${built.missing}`);
        process.exitCode = 1;
    }
    else
        await run(built.library);
}
finally {
    rmSync(folder, { recursive: true });
}
//# sourceMappingURL=power-loss.js.map