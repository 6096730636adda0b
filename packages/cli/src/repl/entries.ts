import { isUnfinished } from './scan.js';

/** Lines in, statements out. */
export interface Entries {
  /** Lines that are complete as far as is known now. */
  push(lines: readonly string[]): readonly string[];
  /** What is left when no line comes any more. */
  flush(): readonly string[];
  /** Throws away a statement that is half there. */
  drop(): void;
  /** The statement that is half there. */
  readonly pending: string;
}

/**
 * Joins lines into statements. A line ends its statement unless a bracket or a string is open, or a line that
 * has already come goes on with it: one that is indented, as in pasted text. Nothing waits for a line to come.
 */
export function createEntries(): Entries {
  let pending = '';
  return {
    push(lines) {
      const complete: string[] = [];
      for (const [index, line] of lines.entries()) {
        pending = pending === '' ? line : `${pending}\n${line}`;
        const next = lines[index + 1];
        const goesOn =
          next !== undefined && /^[ \t]+\S/.test(next) && pending.trim() !== '' && !/^\s*\./.test(pending);
        if (goesOn || isUnfinished(pending)) continue;
        complete.push(pending);
        pending = '';
      }
      return complete;
    },
    flush() {
      const rest = pending;
      pending = '';
      return rest.trim() === '' ? [] : [rest];
    },
    drop() {
      pending = '';
    },
    get pending() {
      return pending;
    },
  };
}
