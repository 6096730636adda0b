import { commands } from './commands/index.js';
import { processIo, type Io } from './io.js';
import { runCommandLine } from './run-command-line.js';

/** Runs the command line with every command. Resolves to the exit code: 0 fine, 1 the command failed, 2 wrong usage. */
export function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  return runCommandLine(argv, commands, io);
}
