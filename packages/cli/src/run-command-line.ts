import { didYouMean } from '@drops/diagnostics';
import { helpOf, type Listed } from './command.js';
import { UsageError } from './failures.js';
import { parseArguments } from './flags.js';
import type { Io } from './io.js';
import { report } from './report.js';
import { version } from './version.js';

function overview(commands: readonly Listed[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    'drops COMMAND [arguments]',
    '',
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}${about}`),
    '',
    'drops COMMAND --help tells more; drops --version prints the version',
    '',
  ].join('\n');
}

function unknownCommand(name: string, commands: readonly Listed[]): UsageError {
  const near = didYouMean(
    name,
    commands.map((command) => command.name),
  );
  return new UsageError(`unknown command ${name.slice(0, 60)}${near === undefined ? '' : `; ${near}`}`);
}

async function runCommand(
  name: string,
  rest: readonly string[],
  commands: readonly Listed[],
  io: Io,
): Promise<number> {
  const listed = commands.find((command) => command.name === name);
  if (listed === undefined) throw unknownCommand(name, commands);
  const command = await listed.load();
  const beforeDashes = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (beforeDashes.includes('--help') || beforeDashes.includes('-h')) {
    io.out(helpOf(command));
    return 0;
  }
  return command.run(parseArguments(rest, command.flags), io);
}

async function dispatch(argv: readonly string[], commands: readonly Listed[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  switch (name) {
    case undefined:
      io.err(overview(commands));
      return 2;
    case '--version':
    case '-v':
      io.out(`${version}\n`);
      return 0;
    case '--help':
    case '-h':
      io.out(overview(commands));
      return 0;
    case 'help':
      if (rest[0] === undefined) return dispatch(['--help'], commands, io);
      return runCommand(rest[0], ['--help'], commands, io);
    default:
      if (name.startsWith('-'))
        throw new UsageError(`unknown flag ${name.slice(0, 60)}; a command comes first`);
      return runCommand(name, rest, commands, io);
  }
}

/** Runs the command line. Resolves to the exit code: 0 fine, 1 the command failed, 2 wrong usage. */
export async function runCommandLine(
  argv: readonly string[],
  commands: readonly Listed[],
  io: Io,
): Promise<number> {
  try {
    return await dispatch(argv, commands, io);
  } catch (error) {
    const known = commands.find(({ name }) => name === argv[0]);
    return report(error, known?.name, io);
  }
}
