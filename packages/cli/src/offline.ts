import { offline } from './commands/offline.js';
import { processIo } from './io.js';
import { runCommandLine } from './run-command-line.js';

/**
 * The same as `main` for commands that open no store, bundled by themselves: what they share with others would draw the store and the server
 * into what they load. Undefined for all others.
 */
export function main(argv: readonly string[]): Promise<number> | undefined {
  const commands = Object.values(offline);
  return commands.some(({ name }) => name === argv[0])
    ? runCommandLine(argv, commands, processIo())
    : undefined;
}
