import type { Json, Like } from '@drops/ir';
import { literal } from './context.js';
import { allOf, anyOf, atom, type Fragment } from './fragment.js';
import { beginningOf } from './write-comparison.js';
import { nestedPlace } from './in-json.js';
import { firstPresent } from './in-json.js';
import type { Writer } from './writer.js';

const never = atom`FALSE`;
const special = /[%_\\]/;

function patternOf(
  match: Like['match'],
  text: string,
): { readonly pattern: string; readonly escaped: boolean } {
  const escaped = special.test(text);
  const inner = escaped ? text.replace(/[!%_]/g, '!$&') : text;
  return { pattern: `${match === 'prefix' ? '' : '%'}${inner}${match === 'suffix' ? '' : '%'}`, escaped };
}

/** `contains`, `starts with`, `ends with`: part of a text, case-sensitive; `contains` also an element of an array. */
export function writeLike(like: Like, writer: Writer): Fragment {
  const kind = writer.kindOf(like.left);
  const operand: Json | undefined = like.right.kind === 'Lit' ? like.right.value : undefined;
  if (kind === 'number' || kind === 'boolean' || kind === 'null') return never;
  if (kind === 'json') return like.match === 'contains' ? inArray(like, operand, writer) : never;
  const right = writer.kindOf(like.right);
  if (right === 'text' || right === 'unknown' || right === 'time') {
    const inText = matchText(like, operand, writer);
    // What a nested field holds is only known row by row.
    const maybeArray = like.match === 'contains' && operand !== undefined && nestedPlace(like.left, writer);
    return maybeArray ? anyOf([inText, inArray(like, operand, writer)]) : inText;
  }
  return like.match === 'contains' ? inArray(like, operand, writer) : never;
}

function matchText(like: Like, operand: Json | undefined, writer: Writer): Fragment {
  const { dialect } = writer.context;
  const left = writer.value(like.left, 'text');
  if (typeof operand === 'string' && dialect.like) {
    const { like: matches } = dialect;
    const test = (text: Fragment, part: string): Fragment => {
      const { pattern, escaped } = patternOf(like.match, part);
      return matches(text, literal(writer.context, pattern, like.right.span), escaped);
    };
    const { beginnings } = dialect.json;
    if (like.match !== 'prefix' || !beginnings || !nestedPlace(like.left, writer)) return test(left, operand);
    return allOf([test(beginnings.of(left), beginningOf(operand, beginnings.length)), test(left, operand)]);
  }
  return dialect.match(like.match, left, writer.value(like.right, 'text'));
}

function inArray(like: Like, element: Json | undefined, writer: Writer): Fragment {
  const { context } = writer;
  const { json } = context.dialect;
  const place = like.left.kind === 'Field' ? writer.place(like.left) : undefined;
  if (place?.kind !== 'columns')
    return context.refuse('this test', 'contains needs a column here', like.span);
  if (typeof element !== 'string' && typeof element !== 'number' && typeof element !== 'boolean') {
    const what = 'an array that contains this';
    return context.refuse(what, 'elements are compared with a text, number or boolean only', like.right.span);
  }
  if (typeof element === 'string') literal(context, element, like.right.span);
  context.fidelity.schema();
  if (json.containsNote !== undefined) context.fidelity.approximate(json.containsNote);
  return firstPresent(place.columns.map((c) => json.contains(c, place.path, element)));
}
