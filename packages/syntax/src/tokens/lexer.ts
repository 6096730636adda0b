import { Lexer, type IToken, type TokenType } from 'chevrotain';
import { forgetRuns } from './match-bare.js';
import { prepareLargeLiterals, type LargeLiterals } from './large-literals.js';
import {
  Bare,
  Colon,
  DotField,
  keywordTokens,
  Label,
  lexerTokens,
  NumberLiteral,
  Param,
  parserTokens,
  Path,
  StringLabel,
  StringLiteral,
  Time,
  Word,
} from './token-types.js';

export interface LexedText {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
  readonly large: LargeLiterals;
}

/** Above this many tokens a text is refused: data of that size belongs in parameters. */
export const maximalTokens = 1_000_000;

/** The virtual tokens too: the lexer numbers what it is given. */
const allTokens = [...new Set([...lexerTokens, ...parserTokens])];

let lexer: Lexer | undefined;

function theLexer(): Lexer {
  lexer ??= new Lexer(allTokens, {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: true,
  });
  return lexer;
}

const number = /^[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function bareType(image: string): TokenType {
  const keyword = keywordTokens.get(image);
  if (keyword) return keyword;
  if (image.includes('/')) return Path;
  const first = image.charCodeAt(0);
  if (first === 0x2e) return DotField;
  if (first > 0x39 || first < 0x30) return Word;
  if (image.includes(':')) return Time;
  return number.test(image) ? NumberLiteral : Word;
}

/** Makes a token one of another type. */
export function setType(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

/** What becomes a label before a colon. `$gte:` does too: it is the name of an operator there. */
const labelTypes: ReadonlySet<TokenType> = new Set([Word, Param, ...keywordTokens.values()]);

/** Makes keywords of words, and labels of what stands before a colon; sets the end of every token. */
function classify(tokens: IToken[]): void {
  let previous: IToken | undefined;
  for (const token of tokens) {
    const type = token.tokenType;
    token.endOffset = token.startOffset + token.image.length - 1;
    if (type === Bare) setType(token, bareType(token.image));
    else if (type === Colon && previous) {
      if (previous.tokenType === StringLiteral) setType(previous, StringLabel);
      else if (labelTypes.has(previous.tokenType)) setType(previous, Label);
    }
    previous = token;
  }
}

/** The tokens and comments of a text. Characters of no token become `Unknown`, so nothing is lost and nothing throws. */
export function lex(text: string): LexedText {
  forgetRuns();
  const large = prepareLargeLiterals(text);
  if (large.weight > maximalTokens) return { tokens: [], comments: [], large };
  const { tokens, groups } = theLexer().tokenize(text);
  classify(tokens);
  return { tokens, comments: groups['comments'] ?? [], large };
}
