import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
const sampleInterval = 25;
function kilobytes(status, name) {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    return found === undefined ? undefined : Number(found) * 1024;
}
/** Most of two samples. */
function most(a, b) {
    return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
/** Runs `drops` with its output in a file, if one is named, and looks at its memory 40 times a second. Throws what it says when it fails. */
export async function measuredRun(drops, argv, output) {
    const began = performance.now();
    const child = spawn(process.execPath, [drops, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    let [own, resident] = [];
    const timer = setInterval(() => {
        try {
            const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
            own = most(own, kilobytes(status, 'RssAnon'));
            resident = most(resident, kilobytes(status, 'VmRSS'));
        }
        catch {
            // It has ended, or this system has no such file.
        }
    }, sampleInterval);
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    const written = output === undefined ? undefined : createWriteStream(output);
    if (written)
        child.stdout.pipe(written);
    else
        child.stdout.on('data', (chunk) => (out += String(chunk)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearInterval(timer);
    if (written)
        await finished(written);
    if (code !== 0)
        throw new Error(`drops ${argv.join(' ')} ended with ${String(code)}: ${err.slice(0, 500)}`);
    return { ms: performance.now() - began, own, resident, out, err };
}
//# sourceMappingURL=measured-run.js.map