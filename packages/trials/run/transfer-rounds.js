import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getProperty, isObject } from '@drops/ir';
import { measuredRun } from './measured-run.js';
/** What reading and writing row by row may take above the same over ten rows: the heap of a process that is busy. */
const rowBound = 256 * 2 ** 20;
/** LMDB holds up to 131,072 pages of 4 KB of a write transaction before it writes them. */
const atomicBound = rowBound + 512 * 2 ** 20;
const kinds = ['text', '007', 'true', `O'Brien "x", \\`, 'é𝒳\n', ''];
/** The n-th row: every type, values that other formats mistake, fields that are missing. */
function rowOf(n) {
    return {
        id: `row-${String(n).padStart(9, '0')}`,
        n,
        price: n / 8,
        ok: n % 2 === 0,
        text: kinds[n % kinds.length],
        tags: ['a', n % 10, String(n)],
        address: { city: `city ${n % 1000}`, zip: String(n % 100_000).padStart(5, '0') },
        ...(n % 3 === 0 && { sometimes: 'x'.repeat(n % 60) }),
    };
}
async function writeRows(file, rows) {
    const handle = await open(file, 'w');
    try {
        for (let first = 0; first < rows; first += 1000) {
            const lines = Array.from({ length: Math.min(1000, rows - first) }, (_, i) => JSON.stringify(rowOf(first + i)));
            await handle.write(`${lines.join('\n')}\n`);
        }
    }
    finally {
        await handle.close();
    }
}
/** One hash over key and payload of every drop of an NDJSON export, with their number. */
async function digestOf(file) {
    const hash = createHash('sha256');
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) {
        const drop = JSON.parse(line);
        const [key, payload] = isObject(drop) ? [getProperty(drop, 'key'), getProperty(drop, 'payload')] : [];
        // A column of a table has a value in every row: what is missing comes back as null, which is the same.
        const fields = isObject(payload) ? Object.entries(payload).filter(([, value]) => value !== null) : [];
        hash.update(JSON.stringify([key ?? null, fields]));
        count += 1;
    }
    return `${count} rows, ${hash.digest('hex').slice(0, 16)}`;
}
/**
 * Exports and imports rows in each format by the real command, and what came back must be what was. Gives what is
 * wrong: rows that differ, memory above its bound.
 */
export async function transferRounds(trial) {
    const { rows, formats, drops, folder, onStep } = trial;
    const problems = [];
    const baselines = new Map();
    const path = (name) => join(folder, name);
    const step = async (name, kind, bound, file, argv, output) => {
        const run = await measuredRun(drops, argv, output);
        const small = baselines.get(kind);
        const over = run.own === undefined || small === undefined ? undefined : run.own - small;
        onStep({ name, run, over, bound, file: statSync(file).size });
        if (over !== undefined && over > bound)
            problems.push(`${name} took ${Math.round(over / 2 ** 20)} MB, ${bound / 2 ** 20} MB are its bound`);
    };
    const first = path('rows.ndjson');
    const few = path('few.ndjson');
    await writeRows(first, rows);
    await writeRows(few, 10);
    const importing = (file, data, ...more) => ['import', file, '--route', 'r', '--data', path(data), ...more];
    const exporting = (data, format) => ['export', 'r', '--format', format, '--data', path(data)];
    const note = async (kind, argv, output) => {
        const { own } = await measuredRun(drops, argv, output);
        if (own !== undefined)
            baselines.set(kind, own);
    };
    await note('import', importing(few, 'few', '--key-field', 'id'));
    await note('atomic', importing(few, 'few', '--key-field', 'id', '--atomic'));
    await note('export', exporting('few', 'ndjson'), path('few.out'));
    await step('import ndjson', 'import', rowBound, first, importing(first, 'first', '--key-field', 'id'));
    const whole = path('first.ndjson');
    await step('export ndjson', 'export', rowBound, first, exporting('first', 'ndjson'), whole);
    const wanted = await digestOf(whole);
    if (!wanted.startsWith(`${rows} rows`))
        problems.push(`${wanted} were exported of ${rows}`);
    const again = async (name, data) => {
        const file = path(`${data}.again`);
        await measuredRun(drops, exporting(data, 'ndjson'), file);
        const found = await digestOf(file);
        if (found !== wanted)
            problems.push(`${name}: ${found} came back of ${wanted}`);
        for (const used of [data, `${data}.again`])
            rmSync(path(used), { recursive: true });
    };
    for (const format of formats) {
        const file = path(`all.${format}`);
        if (format !== 'ndjson')
            await step(`export ${format}`, 'export', rowBound, first, exporting('first', format), file);
        const source = format === 'ndjson' ? whole : file;
        await step(`import ${format} of ours`, 'import', rowBound, source, importing(source, format, '--format', format));
        await again(format, format);
        if (format !== 'ndjson')
            rmSync(file);
    }
    mkdirSync(path('atomic'));
    const atomic = importing(first, 'atomic', '--key-field', 'id', '--atomic');
    await step('import ndjson --atomic', 'atomic', atomicBound, first, atomic);
    await again('atomic', 'atomic');
    return problems;
}
//# sourceMappingURL=transfer-rounds.js.map