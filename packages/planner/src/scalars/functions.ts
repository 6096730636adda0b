import { isArray, isIsoDate, type FunctionName, type Json } from '@drops/ir';
import { finiteNumber } from './arithmetic.js';

type Argument = Json | undefined;
/** A function of values only: all but `now`, which needs the clock of the statement. */
export type PureFunction = Exclude<FunctionName, 'now'>;

const onText = (apply: (text: string) => Json) => (args: readonly Argument[]) => {
  const [value] = args;
  return typeof value === 'string' ? apply(value) : null;
};
const onNumber = (apply: (number: number) => number) => (args: readonly Argument[]) => {
  const [value] = args;
  return typeof value === 'number' ? finiteNumber(apply(value)) : null;
};

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function joinTexts(args: readonly Argument[]): string {
  let text = '';
  for (const value of args) {
    if (typeof value === 'string') text += value;
    else if (value !== null && value !== undefined) text += JSON.stringify(value);
  }
  return text;
}

/** A number with its decimal point moved; through text, so that 1.005 is what is written and not its nearest double. */
function shift(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

/** Halves go away from zero, as in SQL; the second argument says how many decimals stay. */
function round(args: readonly Argument[]): Json {
  const [value, digits = 0] = args;
  if (typeof value !== 'number' || typeof digits !== 'number' || !Number.isInteger(digits)) return null;
  const size = Math.abs(value);
  const rounded = shift(Math.round(shift(size, digits)), -digits);
  if (!Number.isFinite(rounded)) return value;
  return finiteNumber(Math.sign(value) * rounded);
}

const table: { readonly [N in PureFunction]: (args: readonly Argument[]) => Json } = {
  lower: onText((text) => text.toLowerCase()),
  upper: onText((text) => text.toUpperCase()),
  trim: onText((text) => text.trim()),
  len: (args) => {
    const [value] = args;
    if (typeof value === 'string') return codePoints(value);
    return isArray(value) ? value.length : null;
  },
  concat: joinTexts,
  coalesce: (args) => args.find((value) => value !== null && value !== undefined) ?? null,
  abs: onNumber(Math.abs),
  round,
  floor: onNumber(Math.floor),
  ceil: onNumber(Math.ceil),
  date: onText((text) => (isIsoDate(text) ? text.slice(0, 10) : null)),
};

/** The value of a function of values; arguments of a wrong type give null. */
export function callFunction(name: PureFunction, args: readonly Argument[]): Json {
  return table[name](args);
}
