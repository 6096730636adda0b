import type { Failure } from './present/failure.js';

/** The command was called wrongly: exit code 2, with a hint where help is. */
export class UsageError extends Error {}

/** The command failed with what it has to say: exit code 1. */
export class CommandFailure extends Error {
  /** What to show when it is about a place in a text. */
  readonly failures: readonly Failure[];
  constructor(message: string, failures: readonly Failure[] = []) {
    super(message);
    this.failures = failures;
  }
}
