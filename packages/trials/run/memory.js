import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { memoryOf } from './memory/process-memory.js';
import { memoryTrial } from './memory/trial.js';
/* pnpm memory [--rows 5000000] [--bound MB] [--data DIR, filled by an earlier trial with so many rows]: exit code 1 when the server takes more memory than the bound, or cannot be watched. */
const { values } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== '--'),
    options: {
        rows: { type: 'string', default: '5000000' },
        data: { type: 'string' },
        bound: { type: 'string', default: '1536' },
    },
});
const rows = Number(values.rows);
const bound = Number(values.bound) * 2 ** 20;
const megabytes = (bytes) => String(Math.round(bytes / 2 ** 20)).padStart(9);
if (!memoryOf(process.pid)) {
    console.error('memory: SKIPPED: this system does not tell the memory of a process');
    process.exitCode = 1;
}
else {
    const head = ['seconds', 'own MB', 'RSS MB'].map((word) => word.padStart(9)).join('');
    console.log(`${'step'.padEnd(28)}${'outcome'.padEnd(44)}${head}`);
    const { baseline, problems } = await memoryTrial({
        rows,
        bound,
        data: values.data,
        drops: fileURLToPath(new URL('../../cli/bin/drops.js', import.meta.url)),
        onFilled: (seconds) => console.log(`memory: ${rows} drops written in ${Math.round(seconds)} s`),
        onStep({ step, outcome, seconds, peak }) {
            const { own, resident } = peak;
            console.log(`${step.name.padEnd(28)}${outcome.padEnd(44)}${seconds.toFixed(1).padStart(9)}${megabytes(own)}${megabytes(resident)}`);
        },
    });
    console.log(`memory: peaks beyond the ${megabytes(baseline.own).trim()} MB of its own that the server began with; bound ${values.bound} MB: ` +
        (problems.length === 0 ? 'kept' : 'NOT KEPT'));
    for (const problem of problems)
        console.error(problem);
    process.exitCode = problems.length === 0 ? 0 : 1;
}
//# sourceMappingURL=memory.js.map