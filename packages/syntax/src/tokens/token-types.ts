import { createToken, Lexer, type TokenType } from 'chevrotain';
import { keywordRoles, keywordTable, type Keyword, type KeywordRole } from '../keywords.js';
import { matchJson } from './large-literals.js';
import { matchBare } from './match-bare.js';
import { matchComment } from './match-comment.js';
import { everyCharacter, matchUnknown } from './match-unknown.js';
import { matchKey, matchString, matchUnclosedString } from './match-string.js';

/**
 * A token that the lexer never finds by itself. It is a plain record: `createToken` would number and cross-link each of
 * hundreds at once, which the lexer does for all of them in one go when it is made.
 */
const virtual = (name: string, categories: TokenType[] = []): TokenType => ({
  name,
  PATTERN: Lexer.NA,
  CATEGORIES: categories,
});

const bareStart = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-'];

/** Sets of tokens that stand for one thing in the grammar. */
export const AnyRoute = virtual('AnyRoute');
export const BareRoute = virtual('BareRoute', [AnyRoute]);
export const AnyField = virtual('AnyField');
/** Any word, keyword or not. */
export const Name = virtual('Name', [BareRoute, AnyField]);
/** What stands before a colon: always a name, whatever the word means elsewhere. */
export const MemberName = virtual('MemberName');
export const Comparison = virtual('Comparison');
export const Arithmetic = virtual('Arithmetic');
/** A text where the grammar wants one: a string or a parameter. */
export const AnyText = virtual('AnyText');

/** Words, numbers, paths and times as the lexer finds them, before `classify` says which it is. */
export const Bare = createToken({
  name: 'Bare',
  pattern: matchBare,
  start_chars_hint: bareStart,
  line_breaks: false,
});
export const Word = virtual('Word', [Name]);
export const Path = virtual('Path', [BareRoute]);
export const DotField = virtual('DotField', [BareRoute, AnyField]);
export const NumberLiteral = virtual('NumberLiteral', [BareRoute]);
export const Time = virtual('Time');
export const Label = virtual('Label', [MemberName]);
export const StringLabel = virtual('StringLabel', [MemberName]);

export const StringLiteral = createToken({
  name: 'StringLiteral',
  pattern: matchString,
  start_chars_hint: ['"', "'"],
  line_breaks: true,
  categories: [AnyRoute, AnyField, AnyText],
});
export const UnclosedString = createToken({
  name: 'UnclosedString',
  pattern: matchUnclosedString,
  start_chars_hint: ['"', "'"],
  line_breaks: true,
});
export const Key = createToken({
  name: 'Key',
  pattern: matchKey,
  start_chars_hint: ['@'],
  line_breaks: true,
});
export const Param = createToken({
  name: 'Param',
  pattern: /\$[A-Za-z_][A-Za-z0-9_]*/,
  categories: [AnyText],
});
export const JsonLiteral = createToken({
  name: 'JsonLiteral',
  pattern: matchJson,
  start_chars_hint: ['{', '['],
  line_breaks: true,
});
export const Comment = createToken({
  name: 'Comment',
  pattern: matchComment,
  start_chars_hint: ['-', '/'],
  line_breaks: false,
  group: 'comments',
});
export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /\s+/,
  line_breaks: true,
  group: Lexer.SKIPPED,
});

/** Any character that no other token begins with, so that the lexer never stumbles. */
export const Unknown = createToken({
  name: 'Unknown',
  pattern: matchUnknown,
  start_chars_hint: everyCharacter,
  line_breaks: false,
});

const symbol = (name: string, pattern: string | RegExp, categories: TokenType[] = []) =>
  createToken({ name, pattern, categories });

export const NotEqual = symbol('NotEqual', '!=', [Comparison]);
export const GreaterEqual = symbol('GreaterEqual', '>=', [Comparison]);
export const LessEqual = symbol('LessEqual', '<=', [Comparison]);
export const Equal = symbol('Equal', /==?/, [Comparison]);
export const Less = symbol('Less', '<', [Comparison]);
export const Greater = symbol('Greater', '>', [Comparison]);
export const Bar = symbol('Bar', '|');
export const Comma = symbol('Comma', ',');
export const Colon = symbol('Colon', ':');
export const Semicolon = symbol('Semicolon', ';');
export const Star = symbol('Star', '*', [Arithmetic]);
export const Plus = symbol('Plus', '+', [Arithmetic]);
export const Minus = symbol('Minus', '-', [Arithmetic]);
export const Slash = symbol('Slash', '/', [Arithmetic]);
export const Percent = symbol('Percent', '%', [Arithmetic]);
export const LeftParen = symbol('LeftParen', '(');
export const RightParen = symbol('RightParen', ')');
export const LeftBracket = symbol('LeftBracket', '[');
export const RightBracket = symbol('RightBracket', ']');
export const LeftBrace = symbol('LeftBrace', '{');
export const RightBrace = symbol('RightBrace', '}');

/** A record over a known set of names; the one place where the compiler must take our word for its completeness. */
function tabulate<K extends string, V>(
  names: Iterable<string>,
  make: (name: string) => V,
): Readonly<Record<K, V>> {
  return Object.fromEntries([...names].map((name) => [name, make(name)])) as Record<K, V>;
}

/** A token that stands for any keyword of a role: `role.aggregate`. */
export const role = tabulate<KeywordRole, TokenType>(keywordRoles, (name) =>
  virtual(`Any${name.charAt(0).toUpperCase()}${name.slice(1)}`),
);

/** The token of each keyword: `word.find`. */
export const word = tabulate<Keyword, TokenType>(keywordTable.keys(), (name) =>
  virtual(name.toUpperCase(), [Name, ...(keywordTable.get(name) ?? []).map((part) => role[part])]),
);

/** Keyword by text, for the classification after lexing. */
export const keywordTokens: ReadonlyMap<string, TokenType> = new Map(Object.entries(word));

/** The text of each keyword's token. */
export const keywordTexts: ReadonlyMap<TokenType, string> = new Map(
  [...keywordTokens].map(([text, type]) => [type, text]),
);

/** What the lexer tries, in this order. */
export const lexerTokens: TokenType[] = [
  WhiteSpace,
  Comment,
  Bare,
  StringLiteral,
  UnclosedString,
  Key,
  Param,
  JsonLiteral,
  Comma,
  Colon,
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  NotEqual,
  GreaterEqual,
  LessEqual,
  Equal,
  Less,
  Greater,
  Bar,
  Semicolon,
  Star,
  Plus,
  Minus,
  Slash,
  Percent,
  Unknown,
];

/** What the parser knows. */
export const parserTokens: TokenType[] = [
  ...lexerTokens.filter((type) => type !== WhiteSpace && type !== Comment && type !== Bare),
  AnyRoute,
  BareRoute,
  AnyField,
  Name,
  MemberName,
  Comparison,
  Arithmetic,
  AnyText,
  Word,
  Path,
  DotField,
  NumberLiteral,
  Time,
  Label,
  StringLabel,
  ...Object.values(role),
  ...Object.values(word),
];
