import { DropsError } from '@drops/diagnostics';
import { CommandFailure, UsageError } from './failures.js';
import type { Io } from './io.js';
import { drawFailure } from './present/failure.js';

/** Says on stderr what went wrong, and gives the exit code for it. `command` is the one whose help is pointed to, if it is known. */
export function report(error: unknown, command: string | undefined, io: Io): 1 | 2 {
  if (error instanceof UsageError) {
    io.err(`drops: ${error.message}\nsee drops ${command === undefined ? '' : `${command} `}--help\n`);
    return 2;
  }
  if (error instanceof CommandFailure) {
    if (error.message !== '') io.err(`${error.message}\n`);
    for (const failure of error.failures) io.err(`${drawFailure(failure, io.color.err)}\n`);
    return 1;
  }
  if (error instanceof DropsError) {
    io.err(`${drawFailure({ diagnostic: error.diagnostic }, io.color.err)}\n`);
    return 1;
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  io.err(`${isSystemError(fault) ? fault.message : `fault: ${fault.stack ?? fault.message}`}\n`);
  return 1;
}

/** Missing files, full disks, taken ports: their message says it all. */
function isSystemError(error: Error): boolean {
  return 'syscall' in error;
}
