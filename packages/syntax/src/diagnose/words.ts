import type { Span } from '@drops/diagnostics';
import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { examples } from '../examples.js';
import { aliases, keywordRoles, keywordsByRole } from '../keywords.js';
import * as T from '../tokens/token-types.js';
import type { Failure } from './failure.js';

const longest = 40;

/** A text as a message shows it: in backticks, cut when long, on one line. */
export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `\`${line.length > longest ? `${line.slice(0, longest)}…` : line}\``;
}

/** A row of things: `a`, `b` or `c`. */
export function either(things: readonly string[]): string {
  const last = things.at(-1) ?? '';
  return things.length < 2 ? last : `${things.slice(0, -1).join(', ')} or ${last}`;
}

/** What a token is called when it was found. */
export function found(token: IToken | undefined): string {
  if (!token) return 'the end of the statement';
  const { tokenType } = token;
  if (tokenType === T.Label || tokenType === T.StringLabel) return shown(`${token.image}:`);
  if (tokenType === T.StringLiteral) return `the string ${shown(token.image)}`;
  if (tokenType === T.NumberLiteral) return `the number ${shown(token.image)}`;
  if (tokenType === T.Key) return `the key ${shown(token.image)}`;
  if (tokenType === T.Path) return `the route ${shown(token.image)}`;
  return shown(token.image);
}

const names: ReadonlyMap<TokenType, string> = new Map([
  [T.AnyRoute, 'a route'],
  [T.BareRoute, 'a route'],
  [T.AnyField, 'a field'],
  [T.Name, 'a word'],
  [T.Word, 'a word'],
  [T.MemberName, 'a name and `:`'],
  [T.AnyText, 'a text in quotes'],
  [T.StringLiteral, 'a text in quotes'],
  [T.NumberLiteral, 'a number'],
  [T.Key, 'a key'],
  [T.Comparison, 'a comparison'],
  [T.LeftParen, '`(`'],
  [T.RightParen, '`)`'],
  [T.LeftBracket, '`[`'],
  [T.RightBracket, '`]`'],
  [T.LeftBrace, '`{`'],
  [T.RightBrace, '`}`'],
  [T.Colon, '`:`'],
  [T.Comma, '`,`'],
  [T.Equal, '`=`'],
]);

const roleNames: ReadonlyMap<TokenType, string> = new Map([
  [T.role.mode, 'a mode'],
  [T.role.format, 'a format'],
  [T.role.dialect, 'a dialect'],
  [T.role.target, 'a target'],
  [T.role.unit, 'a unit of time'],
  [T.role.facet, 'a facet'],
]);

const wordsOfRole = new Map(keywordRoles.map((name) => [T.role[name], keywordsByRole[name]]));

/** The words that an expected token stands for. */
export function wordsOf(types: readonly TokenType[]): readonly string[] {
  return types.flatMap((type) => wordsOfRole.get(type) ?? T.keywordTexts.get(type) ?? []);
}

function nameOf(type: TokenType): readonly string[] {
  const known = names.get(type);
  return known === undefined ? wordsOf([type]).map((text) => `\`${text}\``) : [known];
}

/** What could have stood there. */
export function wanted(failure: Failure): string {
  const [only] = failure.expected;
  const phrase = failure.phrase ?? (only && failure.expected.length === 1 ? roleNames.get(only) : undefined);
  const things = [...new Set(failure.expected.flatMap(nameOf))];
  const words = wordsOf(failure.expected);
  if (phrase === undefined) return either(things);
  const isClosedSet = words.length > 1 && words.length === things.length && words.length <= 6;
  return isClosedSet && !phrase.includes('`') ? `${phrase} (${either(things)})` : phrase;
}

/** Where the failure stands: its token, or the end of the last one. */
export function place(failure: Failure): Span {
  if (failure.token) return spanOf(failure.token);
  const last = failure.tokens.at(-1);
  const end = last ? endOf(last) : 0;
  return { start: end, end };
}

/** The source from one token to another, both included. */
export function sourceOf(failure: Failure, first: IToken, last: IToken): string {
  return failure.source.slice(first.startOffset, endOf(last));
}

/** One example of a statement, as a hint. */
export function exampleOf(head: string): string | undefined {
  const example = examples.get(head) ?? examples.get(aliases.get(head) ?? '');
  return example === undefined ? undefined : `as in \`${example}\``;
}

/** Whether a token is a word, keyword or not. */
export function isName(token: IToken | undefined): boolean {
  return token !== undefined && tokenMatcher(token, T.Name);
}

/** Whether the text is a keyword in another case: `FIND`. */
export function keywordInCase(text: string, words: Iterable<string>): string | undefined {
  const lower = text.toLowerCase();
  return lower !== text && [...words].includes(lower) ? lower : undefined;
}
