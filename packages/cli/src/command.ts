import type { Arguments, FlagSpecs } from './flags.js';
import type { Io } from './io.js';

/** One command of `drops`. */
export interface Command {
  /** Its line of use without the flags, such as `exec TEXT|-`. */
  readonly usage: string;
  readonly about: string;
  readonly flags: FlagSpecs;
  /** Resolves to the exit code. Throws UsageError, CommandFailure or DropsError. */
  run(args: Arguments, io: Io): Promise<number>;
}

const width = 26;

/** The help of one command. */
export function helpOf(command: Command): string {
  const flags = { ...command.flags, help: { about: 'show this' } };
  const lines = Object.entries(flags).map(([name, { about, ...rest }]) => {
    const value = 'value' in rest ? ` ${rest.value}` : '';
    return `  ${`--${name}${value}`.padEnd(width)}${about}`;
  });
  return [`drops ${command.usage} [flags]`, '', command.about, '', 'flags:', ...lines, ''].join('\n');
}

/** A command as it is found: loaded when it is called. */
export interface Listed {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<Command>;
}
