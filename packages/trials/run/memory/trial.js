import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { open } from '@drops/engine';
import { watchMemory, memoryOf } from './process-memory.js';
import { cities, dropOf, steps } from './steps.js';
const batch = 5000;
async function fill(data, rows) {
    const engine = await open({ data, durability: 'relaxed' });
    const write = async (route, drops) => {
        const { status } = await engine.write(route, drops);
        if (status !== 200)
            throw new Error(`filling ${route} was answered with ${status}`);
    };
    try {
        const places = Array.from({ length: cities }, (_, n) => n);
        await write('cities', places.map((n) => ({ key: `city-${n}`, payload: { country: `country-${n % 5}` } })));
        for (let first = 0; first < rows; first += batch) {
            const size = Math.min(batch, rows - first);
            await write('items', Array.from({ length: size }, (_, i) => dropOf(first + i)));
        }
    }
    finally {
        await engine.close();
    }
}
const refusal = 'QUERY_TOO_COMPLEX';
/** What needed more than it may have. */
const tooMuch = (error) => /"message":"(.*?) (?:needs|reads|took)/.exec(error)?.[1] ?? error;
/** Reads an answer piece by piece, so that a large one is not held here either. */
async function readAnswer(response) {
    let lines = 0;
    let end = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
        for (const byte of chunk)
            if (byte === 10)
                lines += 1;
        end = (end + decoder.decode(chunk, { stream: true })).slice(-2000);
    }
    // A stream that fails after its first lines says so in its last one.
    if (end.includes(`"${refusal}"`))
        return { outcome: `refused: ${tooMuch(end)}`, lines };
    return { outcome: response.status === 200 ? 'answered' : `${response.status}: ${end}`, lines };
}
async function ask(url, { door, text }) {
    if (door === 'get')
        return readAnswer(await fetch(`${url}${text}`));
    const accept = door === 'stream' ? 'application/x-ndjson' : 'application/json';
    return readAnswer(await fetch(`${url}/exec`, { method: 'POST', body: text, headers: { accept } }));
}
const difference = (a, b) => ({
    resident: a.resident - b.resident,
    own: a.own - b.own,
});
function problemOf({ step, outcome, peak }, lines, { rows, bound }) {
    if (outcome !== 'answered' && !outcome.startsWith('refused'))
        return `${step.name}: ${outcome}`;
    const wanted = step.lines?.(rows);
    if (outcome === 'answered' && wanted !== undefined && lines !== wanted)
        return `${step.name}: ${lines} lines came, ${wanted} expected`;
    if (peak.own > bound)
        return `${step.name}: ${peak.own} bytes beyond the beginning, at most ${bound} allowed`;
    return undefined;
}
/** Runs the steps on a server whose memory is watched. */
async function runSteps(url, pid, options) {
    const baseline = memoryOf(pid);
    if (!baseline)
        throw new Error('this system does not tell the memory of a process');
    const results = [];
    const problems = [];
    for (const step of steps) {
        const watch = watchMemory(pid);
        const started = performance.now();
        const { outcome, lines } = await ask(url, step);
        const seconds = (performance.now() - started) / 1000;
        const result = { step, outcome, seconds, peak: difference(watch.stop(), baseline) };
        const problem = problemOf(result, lines, options);
        if (problem !== undefined)
            problems.push(problem);
        results.push(result);
        options.onStep?.(result);
    }
    return { baseline, results, problems };
}
/** Serves a store with the usual limits of memory, and whatever time a statement takes. */
async function serve(drops, data, use) {
    const words = [drops, 'serve', '--port', '0', '--query-time', '0', '--data', data];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = new Promise((resolve) => child.once('close', resolve));
    try {
        const first = await new Promise((resolve, reject) => {
            createInterface({ input: child.stdout }).once('line', resolve);
            void gone.then(() => reject(new Error('the server ended before it was ready')));
        });
        return await use(first.replace(/^listening on /, ''), child.pid ?? 0);
    }
    finally {
        child.kill('SIGKILL');
        await gone;
    }
}
/**
 * Fills a store, serves it, asks for everything that could take much memory, and watches what the server takes.
 * Linux only.
 */
export async function memoryTrial(options) {
    const onStore = (data) => serve(options.drops, data, (url, pid) => runSteps(url, pid, options));
    if (options.data !== undefined)
        return onStore(options.data);
    const folder = mkdtempSync(join(tmpdir(), 'drops-memory-'));
    const data = join(folder, 'data');
    try {
        const started = performance.now();
        await fill(data, options.rows);
        options.onFilled?.((performance.now() - started) / 1000);
        return await onStore(data);
    }
    finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
//# sourceMappingURL=trial.js.map