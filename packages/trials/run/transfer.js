import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transferRounds } from './transfer-rounds.js';
/*
 * pnpm transfer:trial [--rows 1000000] [--formats ndjson,json,csv,sql,mongo]: exports and imports so many rows in each
 * format by the real command. Exit code 1 when a row comes back as another, or memory goes above its bound.
 */
const { values } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== '--'),
    options: {
        rows: { type: 'string', default: '1000000' },
        formats: { type: 'string', default: 'ndjson,json,csv,sql,mongo' },
    },
});
const rows = Number(values.rows);
const folder = mkdtempSync(join(tmpdir(), 'drops-transfer-trial-'));
const megabytes = (bytes) => bytes === undefined ? '?' : String(Math.round(bytes / 2 ** 20));
try {
    const problems = await transferRounds({
        rows,
        formats: values.formats.split(','),
        drops: fileURLToPath(new URL('../../cli/bin/drops.js', import.meta.url)),
        folder,
        onStep({ name, run, over, bound, file }) {
            console.log(`${name.padEnd(24)} ${(run.ms / 1000).toFixed(1).padStart(6)} s  ${Math.round(rows / (run.ms / 1000))} rows/s  ` +
                `file ${megabytes(file)} MB  memory ${megabytes(run.own)} MB, ${megabytes(over)} above ten rows (bound ${megabytes(bound)}), ` +
                `${megabytes(run.resident)} with pages of files`);
        },
    });
    console.log(`transfer: ${rows} rows: ${problems.length === 0 ? 'every row came back, memory within its bounds' : 'NOT AS IT MUST BE'}`);
    for (const problem of problems)
        console.error(problem);
    process.exitCode = problems.length === 0 ? 0 : 1;
}
finally {
    rmSync(folder, { recursive: true, force: true });
}
//# sourceMappingURL=transfer.js.map