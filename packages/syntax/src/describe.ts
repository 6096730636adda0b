import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Rule,
  Terminal,
  type IProduction,
  type TokenType,
} from 'chevrotain';
import { invariant } from '@drops/diagnostics';
import { DropsParser } from './grammar/drops-parser.js';
import { keywordRoles } from './keywords.js';
import { keywordTexts, parserTokens, role } from './tokens/token-types.js';

/** A piece of a production, without the library that made it. */
export type GrammarNode =
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'token'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly GrammarNode[] }
  | { readonly kind: 'choice'; readonly items: readonly GrammarNode[] }
  | { readonly kind: 'optional'; readonly item: GrammarNode }
  | {
      readonly kind: 'repeat';
      readonly item: GrammarNode;
      readonly least: 0 | 1;
      /** The token between two items. */
      readonly separator?: string;
    };

/** A token the parser knows: one of the lexer's, a keyword, or a set of tokens. */
export interface TokenDescription {
  readonly name: string;
  /** What the token looks like, where it always looks the same. */
  readonly text?: string;
  /** The sets it belongs to. */
  readonly sets: readonly string[];
}

export interface GrammarDescription {
  readonly rules: ReadonlyMap<string, GrammarNode>;
  readonly tokens: readonly TokenDescription[];
}

const setNames = new Map(keywordRoles.map((name) => [role[name], `any ${name}`]));

/** A keyword is called by its text, a set of them `any …`, any other token by the parser's name. */
function nameOf(type: TokenType): string {
  return keywordTexts.get(type) ?? setNames.get(type) ?? type.name;
}

function sequenceOf(definition: readonly IProduction[]): GrammarNode {
  const items = definition.map(nodeOf);
  const [only] = items;
  return items.length === 1 && only ? only : { kind: 'sequence', items };
}

function nodeOf(production: IProduction): GrammarNode {
  if (production instanceof Terminal) return { kind: 'token', name: nameOf(production.terminalType) };
  if (production instanceof NonTerminal) return { kind: 'rule', name: production.nonTerminalName };
  if (production instanceof Alternation) return { kind: 'choice', items: production.definition.map(nodeOf) };
  if (production instanceof Option) return { kind: 'optional', item: sequenceOf(production.definition) };
  if (production instanceof Repetition)
    return { kind: 'repeat', least: 0, item: sequenceOf(production.definition) };
  if (production instanceof RepetitionMandatory)
    return { kind: 'repeat', least: 1, item: sequenceOf(production.definition) };
  if (
    production instanceof RepetitionWithSeparator ||
    production instanceof RepetitionMandatoryWithSeparator
  ) {
    const least = production instanceof RepetitionWithSeparator ? 0 : 1;
    const separator = nameOf(production.separator);
    return { kind: 'repeat', least, separator, item: sequenceOf(production.definition) };
  }
  invariant(production instanceof Alternative || production instanceof Rule, 'a production of another kind');
  return sequenceOf(production.definition);
}

function describeToken(type: TokenType): TokenDescription {
  const sets = (type.CATEGORIES ?? []).map(nameOf);
  return {
    name: nameOf(type),
    ...(typeof type.PATTERN === 'string' && { text: type.PATTERN }),
    sets,
  };
}

/** The grammar as data: what documents, diagrams and editors are made from. */
export function describeGrammar(): GrammarDescription {
  const productions = new DropsParser().getGAstProductions();
  return {
    rules: new Map(Object.entries(productions).map(([name, rule]) => [name, nodeOf(rule)])),
    tokens: parserTokens.map(describeToken),
  };
}
