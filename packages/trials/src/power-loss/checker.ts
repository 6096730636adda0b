import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Findings } from '../check-store.js';
import type { Progress } from '../writers.js';

/** A store to be checked. */
export interface ImageRequest {
  readonly data: string;
  readonly round: number;
  readonly progress: readonly Progress[];
  readonly total: number;
}

export interface Checker {
  check(request: ImageRequest): Promise<Findings>;
  stop(): void;
}

/** Checks stores in a process of its own, since a damaged one can end it; then the next store gets a new one. */
export function createChecker(program: string): Checker {
  let child: ChildProcess | undefined;
  let answer: (findings: Findings) => void = () => undefined;

  const start = (): ChildProcess => {
    const started = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!started.stdout || !started.stdin) throw new Error('the checking process has no pipes');
    createInterface({ input: started.stdout }).on('line', (line) => answer(JSON.parse(line)));
    started.stdin.on('error', () => undefined);
    started.once('close', (code, signal) => {
      if (child === started) child = undefined;
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
