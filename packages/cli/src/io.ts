import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';

/** The world of a command: where it reads and writes, so that tests can give it another one. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when the reader of the output has room for more: what is large waits for it. */
  readonly outReady: () => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal; undefined when the output is no terminal. */
  readonly columns: number | undefined;
  /** Whether a line can be written over: a terminal that knows how. */
  readonly terminal: { readonly err: boolean };
  /** Whether colour may be written to each. */
  readonly color: { readonly out: boolean; readonly err: boolean };
}

/** An output of the process. A reader that goes away (`| head`) ends it in silence. */
function output(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** The process as the world of a command. Making a stream takes longer than most commands, so only the usual one is made at once. */
export function processIo(): Io {
  const { env } = process;
  const stdout = output(process.stdout);
  let stderr: NodeJS.WriteStream | undefined;
  const isTerminal = isatty(2);
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    get stdin() {
      return process.stdin;
    },
    out: (text) => void stdout.write(text),
    err(text) {
      stderr ??= output(process.stderr);
      stderr.write(text);
    },
    outReady: async () => {
      if (stdout.writableNeedDrain) await once(stdout, 'drain');
    },
    env,
    columns: stdout.isTTY ? stdout.columns : undefined,
    terminal: { err: isTerminal && env['TERM'] !== 'dumb' },
    color: { out: stdout.isTTY && !plain, err: isTerminal && !plain },
  };
}

/** All of standard input as text. */
export async function readAll(io: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
