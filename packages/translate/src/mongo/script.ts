import { isArray, type Json } from '@drops/ir';

const code = Symbol('code');

/** A piece of JavaScript that stands in the script as it is. */
export interface Code {
  readonly [code]: string;
}
export interface MongoObject {
  readonly [name: string]: MongoValue;
}
/** What a pipeline is made of: JSON, `Infinity`, and JavaScript. */
export type MongoValue = null | boolean | number | string | readonly MongoValue[] | MongoObject | Code;

export function codeOf(text: string): Code {
  return { [code]: text };
}

function isCode(value: MongoObject | Code): value is Code {
  return code in value;
}

function isList(value: MongoValue): value is readonly MongoValue[] {
  return Array.isArray(value);
}

/** A constant as an expression: what MongoDB would read as a field or an operator goes into `$literal`. */
export function constant(value: Json): MongoValue {
  const plain =
    value === null || typeof value !== 'object'
      ? typeof value !== 'string' || !value.startsWith('$')
      : isArray(value) && value.length === 0;
  return plain ? value : { $literal: value };
}

/** Where a line that holds more than one member ends. */
const lineWidth = 100;

const plainName = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A name before its colon: `__proto__` would set the prototype unless it is computed. */
function memberName(name: string): string {
  if (name === '__proto__') return '["__proto__"]';
  return plainName.test(name) ? name : JSON.stringify(name);
}

/** A value as JavaScript, on one line where it is short. */
export function scriptOf(value: MongoValue, indent = 0): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) {
    return block('[', ']', '', indent, (deep) => value.map((item) => scriptOf(item, deep)));
  }
  if (isCode(value)) return value[code];
  return block('{', '}', ' ', indent, (deep) =>
    Object.entries(value).map(([name, member]) => `${memberName(name)}: ${scriptOf(member, deep)}`),
  );
}

function block(
  open: string,
  close: string,
  pad: string,
  indent: number,
  parts: (indent: number) => readonly string[],
): string {
  const inside = parts(indent + 2);
  if (inside.length === 0) return open + close;
  const line = `${open}${pad}${inside.join(', ')}${pad}${close}`;
  if (!line.includes('\n') && line.length + indent <= lineWidth) return line;
  const margin = ' '.repeat(indent);
  return `${open}\n${inside.map((part) => `${margin}  ${part}`).join(',\n')}\n${margin}${close}`;
}

/** `$cond`: only the branch that is taken is evaluated. */
export function choose(test: MongoValue, then: MongoValue, otherwise: MongoValue): MongoValue {
  return { $cond: [test, then, otherwise] };
}
