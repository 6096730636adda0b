import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
/** Starts Node in a process group of its own; `group` is the file of a memory limit that takes the process in. */
function start(args, group) {
    const options = {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
    };
    if (group === undefined)
        return spawn(process.execPath, args, options);
    const script = 'echo $$ > "$0" && exec "$@"';
    return spawn('/bin/sh', ['-c', script, group, process.execPath, ...args], options);
}
/** What is common to both: the first line says that it is ready, a kill ends all that waits. */
function watch(child, onLine) {
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    // Writing to a process that was killed is what this is about.
    child.stdin.on('error', () => undefined);
    const gone = new Promise((resolve) => child.once('close', () => resolve()));
    const ready = new Promise((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
            onLine(line);
            resolve();
        });
        void gone.then(() => reject(new Error(`the process ended before it was ready: ${said}`)));
    });
    ready.catch(() => undefined);
    return {
        ready,
        kill: () => {
            if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
                process.kill(-child.pid, 'SIGKILL');
            return gone;
        },
    };
}
function startServer(programs, data, group) {
    const workers = programs.workers === 0 ? [] : ['--workers', String(programs.workers)];
    const child = start([programs.drops, 'serve', '--port', '0', '--data', data, ...workers], group);
    let url = '';
    const watched = watch(child, (line) => {
        if (url === '')
            url = line.replace(/^listening on /, '');
    });
    return {
        ...watched,
        async exec(text) {
            const response = await fetch(`${url}/exec`, { method: 'POST', body: text });
            await response.arrayBuffer();
            return response.status;
        },
    };
}
function startEngine(programs, data, group) {
    const child = start([programs.engine, data], group);
    const waiting = new Map();
    let last = 0;
    const watched = watch(child, (line) => {
        const [id, status] = line.split(' ');
        waiting.get(Number(id))?.resolve(Number(status));
        waiting.delete(Number(id));
    });
    child.once('close', () => {
        for (const { reject } of waiting.values())
            reject(new Error('the process is gone'));
    });
    return {
        ...watched,
        exec: (text) => new Promise((resolve, reject) => {
            last += 1;
            waiting.set(last, { resolve, reject });
            child.stdin.write(`${last} ${JSON.stringify(text)}\n`);
        }),
    };
}
/** Starts a process on the store of a folder, in a group of limited memory where one is given. */
export function startTarget(mode, programs, data, group) {
    return mode === 'http' ? startServer(programs, data, group) : startEngine(programs, data, group);
}
//# sourceMappingURL=target.js.map