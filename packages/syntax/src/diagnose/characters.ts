import { errorOf } from '@drops/diagnostics';
import { endOf, spanOf } from '../grammar/base-parser.js';
import * as T from '../tokens/token-types.js';
import { inside, rule, touch, type Recognizer } from './failure.js';
import { foreignOperators } from './foreign-words.js';
import { shown } from './words.js';

const hints: readonly (readonly [RegExp, string])[] = [
  [/^#/, 'a comment begins with `--`'],
  [/^[“”„‟«»‘’‚‛]/, 'strings stand in straight quotes: "…"'],
  [/^`/, 'names need no quotes, texts stand in "…"'],
  [/^\\/, 'a backslash has a meaning only inside strings'],
  [/^\.\./, '`...` stands for something left out; write what belongs there'],
  [/^\./, 'write a digit before the point, as in `0.5`'],
  [/^\$/, 'a parameter is `$` and a name without a space: `$name`'],
  [/^@/, 'no space stands after `@`: `@key` or `@"quoted/key"`'],
  [/^[&|!~]/, 'conditions are joined with `and`, `or` and `not`'],
];

/** Characters that no token begins with. */
export const oddCharacter: Recognizer = (failure) => {
  const { token, previous, index } = failure;
  if (token?.tokenType !== T.Unknown) return undefined;
  const span = spanOf(token);
  const { image } = token;
  const goesOnRoute = touch(previous, token) && index <= 2 && isRoute(previous?.tokenType);
  const wantsRoute = rule(failure) === 'route' || rule(failure) === 'bareRoute' || goesOnRoute;
  if (wantsRoute && !/^[@$#.]/.test(image)) {
    return errorOf('INVALID_ROUTE', `a route holds letters, digits and \`_.-/\`, not ${shown(image)}`, {
      span,
    });
  }
  const hint = foreignOperators.get(image) ?? hints.find(([pattern]) => pattern.test(image))?.[1];
  return errorOf('SYNTAX_ERROR', `${shown(image)} means nothing here`, { span, hint });
};

function isRoute(type: unknown): boolean {
  return type === T.Word || type === T.Path;
}

/** `@a/b`, `@a:b`: a key that goes on where it may not. */
export const keyWithRest: Recognizer = (failure) => {
  const { token, previous, source } = failure;
  if (!token || previous?.tokenType !== T.Key || !touch(previous, token)) return undefined;
  const rest = /^[^\s,;(){}[\]]*/.exec(source.slice(previous.startOffset))?.[0] ?? previous.image;
  const span = { start: previous.startOffset, end: previous.startOffset + rest.length };
  const key = rest.slice(1);
  const message = `a key without quotes holds letters, digits and \`_.-\`, not ${shown(source.charAt(endOf(previous)))}`;
  const quotable = /^[A-Za-z0-9_./-]+$/.test(key);
  return errorOf('INVALID_KEY', message, { span, hint: quotable ? `quote it: \`@"${key}"\`` : undefined });
};

/** `email: bob@example.com`: a word with a key stuck to it. */
export const bareAddress: Recognizer = ({ token, next, previous, source }) => {
  const pair = touch(token, next) && next?.tokenType === T.Key ? [token, next] : [previous, token];
  const [word, key] = pair;
  if (!word || key?.tokenType !== T.Key || !touch(word, key)) return undefined;
  if (word.tokenType !== T.Word && word.tokenType !== T.Path && word.tokenType !== T.NumberLiteral)
    return undefined;
  const text = source.slice(word.startOffset, endOf(key));
  return errorOf('SYNTAX_ERROR', `an address is a text and needs quotes: ${shown(text)}`, {
    span: { start: word.startOffset, end: endOf(key) },
    hint: `write \`"${text}"\``,
  });
};

/** `n: --1`: what follows the value's place is a comment. */
export const commentInstead: Recognizer = ({ token, previous, source, tokens }) => {
  if (!previous) return undefined;
  const from = endOf(previous);
  const to = token ? token.startOffset : source.length;
  const gap = source.slice(from, Math.min(to, from + 200));
  const mark = /^[ \t]+(--|\/\/)\S/.exec(gap);
  if (!mark || tokens.length === 0) return undefined;
  const start = from + mark[0].length - 3;
  return errorOf('SYNTAX_ERROR', `a value is missing: \`${mark[1] ?? ''}\` begins a comment`, {
    span: { start, end: start + 2 },
    hint: mark[1] === '--' ? 'write one minus for a negative number' : 'quote a text that begins so',
  });
};

/** `a => 3`, `a <> 3`: two signs that are one operator elsewhere. */
export const doubledSign: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (!token || !previous || !touch(previous, token)) return undefined;
  const hint = foreignOperators.get(previous.image + token.image);
  if (hint === undefined || !inside(failure, 'predicate', 'pipes')) return undefined;
  return errorOf('SYNTAX_ERROR', `${shown(previous.image + token.image)} is no operator`, {
    span: { start: previous.startOffset, end: endOf(token) },
    hint,
  });
};
