import { didYouMean } from '@drops/diagnostics';
import { UsageError } from './failures.js';

export interface FlagSpec {
  /** The word for its value in help, such as DIR; without it the flag is a switch. */
  readonly value?: string;
  readonly about: string;
}
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** The words of a command line, sorted. */
export interface Arguments {
  /** What stands without a flag. */
  readonly words: readonly string[];
  /** The last value of a flag. */
  text(name: string): string | undefined;
  /** Every value of a flag, in order. */
  all(name: string): readonly string[];
  has(name: string): boolean;
}

const flagForm = /^--([a-z][a-z-]*)(?:=([\s\S]*))?$/;

/**
 * Sorts a command line. `-` and whatever holds white space before any `=` are words (a statement may begin
 * with a `--` comment); after `--` all are. Unknown flags and missing values are UsageErrors.
 */
export function parseArguments(argv: readonly string[], specs: FlagSpecs): Arguments {
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    const flag = flagForm.exec(arg);
    if (flag) at += readFlag(flag[1] ?? '', flag[2], argv[at + 1], specs, values);
    else if (arg.length > 1 && arg.startsWith('-') && !/^\S*\s/.test(arg)) throw unknownFlag(arg, specs);
    else words.push(arg);
  }
  return {
    words,
    text: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  };
}

/** Notes one flag; gives how many words after it belong to it. */
function readFlag(
  name: string,
  inline: string | undefined,
  next: string | undefined,
  specs: FlagSpecs,
  values: Map<string, string[]>,
): number {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) throw unknownFlag(`--${name}`, specs);
  const note = (value: string) => values.set(name, [...(values.get(name) ?? []), value]);
  if (spec.value === undefined) {
    if (inline !== undefined) throw new UsageError(`--${name} takes no value`);
    note('');
    return 0;
  }
  if (inline !== undefined) {
    note(inline);
    return 0;
  }
  if (next === undefined || (next.length > 1 && flagForm.test(next))) {
    throw new UsageError(`--${name} needs a value: --${name} ${spec.value}`);
  }
  note(next);
  return 1;
}

function unknownFlag(flag: string, specs: FlagSpecs): UsageError {
  const name = flag.replace(/^-+/, '').replace(/=.*$/s, '');
  const near = didYouMean(name, Object.keys(specs));
  const hint = near === undefined ? '' : `; ${near.replace("'", "'--")}`;
  return new UsageError(`unknown flag ${flag.slice(0, 60)}${hint}`);
}

/** One word out of a closed set, or a UsageError that lists the set. */
export function oneOf<const Choice extends string>(
  what: string,
  found: string | undefined,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === found);
  if (choice !== undefined) return choice;
  const list = choices.join('|');
  if (found === undefined) throw new UsageError(`${what} is missing: one of ${list}`);
  const near = didYouMean(found, choices);
  throw new UsageError(`${what} ${found} is not one of ${list}${near === undefined ? '' : `; ${near}`}`);
}

/** Exactly one word, such as the statement; `what` names it. */
export function soleWord(words: readonly string[], what: string): string {
  const [first, second] = words;
  if (first === undefined) throw new UsageError(`${what} is missing`);
  if (second !== undefined) {
    throw new UsageError(
      `one ${what} expected, then ${JSON.stringify(second.slice(0, 40))} found${what === 'statement' ? '; put the statement in quotes' : ''}`,
    );
  }
  return first;
}

/** No words at all. */
export function noWords(words: readonly string[], command: string): void {
  const [word] = words;
  if (word !== undefined)
    throw new UsageError(`${command} takes no argument, ${JSON.stringify(word.slice(0, 40))} found`);
}

/** A port from a flag or the environment. */
export function portOf(text: string, name: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${name} ${text.slice(0, 40)} is not a port: a number from 0 to 65535 expected`);
}

/** A whole number from a flag or the environment. */
export function countOf(text: string, name: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageError(`${name} ${text.slice(0, 40)} is not a whole number`);
}
