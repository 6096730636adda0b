import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
/** Checks stores in a process of its own, since a damaged one can end it; then the next store gets a new one. */
export function createChecker(program) {
    let child;
    let answer = () => undefined;
    const start = () => {
        const started = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
        if (!started.stdout || !started.stdin)
            throw new Error('the checking process has no pipes');
        createInterface({ input: started.stdout }).on('line', (line) => answer(JSON.parse(line)));
        started.stdin.on('error', () => undefined);
        started.once('close', (code, signal) => {
            if (child === started)
                child = undefined;
            const problem = `the process that opened it ended with ${signal ?? code}`;
            answer({ applied: [], records: 0, total: 0, problems: [problem] });
        });
        return started;
    };
    return {
        check(request) {
            child ??= start();
            const { stdin } = child;
            return new Promise((resolve) => {
                answer = resolve;
                stdin?.write(`${JSON.stringify(request)}\n`);
            });
        },
        stop() {
            child?.stdin?.end();
        },
    };
}
//# sourceMappingURL=checker.js.map