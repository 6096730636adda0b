import { assertNever, type Json } from '@drops/diagnostics';
import type { KeyName, Member, Principal, RouteName, Value } from '../ast/index.js';
import { quote } from '../tokens/string-text.js';
import { group, indent, join, line, softLine, type Doc } from './doc.js';

const word = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const plainName = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const number = /^[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const bareKey = /^[A-Za-z0-9_.-]+$/;

/** Whether a text is one word to the lexer: neither a number nor something longer. */
export function isWord(text: string): boolean {
  return word.test(text) && !number.test(text);
}

/** Whether a text is one word without dots. */
export function isPlainName(text: string): boolean {
  return plainName.test(text) && !number.test(text);
}

/** What stands before a colon. */
export function labelText(name: string): string {
  return isPlainName(name) ? name : quote(name);
}

function isBareRoute(path: string): boolean {
  if (path.includes('/')) return !path.startsWith('--');
  return word.test(path) || /^\.[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(path);
}

/** A route, quoted only where it must be. */
export function routeText({ path, subtree }: RouteName): string {
  const text = subtree ? `${path}/*` : path;
  const bare = subtree ? !text.startsWith('--') : isBareRoute(path);
  return bare ? text : quote(text);
}

/** A key with its `@`. */
export function keyText({ key }: KeyName): string {
  if (typeof key !== 'string') return `@$${key.name}`;
  return bareKey.test(key) ? `@${key}` : `@${quote(key)}`;
}

export function principalText({ text }: Principal): string {
  if (typeof text !== 'string') return `@$${text.name}`;
  return bareKey.test(text) ? `@${text}` : quote(text);
}

/** JSON whose escapes mean the same in a string of the language. */
function jsonText(value: Json): string {
  return JSON.stringify(value, null, 2).replace(/\\(.)/g, (escape, letter: string) => {
    if (letter === 'b') return '\\u0008';
    return letter === 'f' ? '\\u000c' : escape;
  });
}

function inBrackets(open: string, items: readonly Doc[], close: string, pad: Doc): Doc {
  if (items.length === 0) return `${open}${close}`;
  return group(open, indent(pad, join([',', line], items)), pad, close);
}

/** A value as data: `( )` for arrays, braces for objects. */
export function valueDoc(value: Value): Doc {
  switch (value.kind) {
    case 'StringValue':
      return quote(value.value);
    case 'NumberValue':
      return String(value.value);
    case 'BooleanValue':
      return String(value.value);
    case 'NullValue':
      return 'null';
    case 'Parameter':
      return `$${value.name}`;
    case 'ArrayValue':
      return inBrackets('(', value.items.map(valueDoc), ')', softLine);
    case 'ObjectValue':
      return inBrackets('{', value.members.map(memberDoc), '}', line);
    case 'JsonValue':
      return jsonText(value.value)
        .split('\n')
        .flatMap((text, index) => (index === 0 ? [text] : [hardLine, text]));
    default:
      return assertNever(value);
  }
}

const hardLine: Doc = '\n';

function memberDoc({ name, value }: Member): Doc {
  const label = /^\$[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : labelText(name);
  return [`${label}: `, valueDoc(value)];
}

/** Members as pairs without braces, each after a line. */
export function pairDocs(members: readonly { readonly name: string; readonly value: Value }[]): Doc[] {
  return members.map(({ name, value }) => [line, `${labelText(name)}: `, valueDoc(value)]);
}

/** A payload: pairs where it has fields, else the value itself. */
export function payloadDocs(payload: Value): Doc[] {
  const asPairs = payload.kind === 'ObjectValue' && payload.members.length > 0;
  // Anything else follows on the same line: a long text is better broken by itself than pushed down.
  return asPairs ? pairDocs(payload.members) : [' ', valueDoc(payload)];
}
