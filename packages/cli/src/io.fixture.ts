import { Readable } from 'node:stream';
import { main } from './main.js';
import type { Io } from './io.js';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly stdin?: string;
  readonly env?: Io['env'];
  readonly columns?: number;
  /** stderr is a terminal. */
  readonly terminal?: boolean;
}

/** Runs a command line inside the test, with streams of its own. */
export async function drops(
  argv: readonly string[],
  { stdin = '', env = {}, columns, terminal = false }: Surroundings = {},
): Promise<Outcome> {
  let [out, err] = ['', ''];
  const code = await main(argv, {
    stdin: Readable.from([Buffer.from(stdin)]),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    outReady: async () => undefined,
    env,
    columns,
    terminal: { err: terminal },
    color: { out: false, err: false },
  });
  return { code, out, err };
}
