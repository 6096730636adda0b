import { invariant } from '@drops/diagnostics';
import { keywordRoles, keywordsByRole, type GrammarDescription, type GrammarNode } from '@drops/syntax';
import { choice, name, text, type Node } from './nodes.js';
import { simplify } from './simplify.js';

/** What the document calls the tokens that the lexer finds. */
const lexicalNames: ReadonlyMap<string, Node> = new Map([
  ['StringLiteral', name('STRING')],
  ['NumberLiteral', name('NUMBER')],
  ['Key', name('KEY')],
  ['Param', name('PARAMETER')],
  ['Path', name('PATH')],
  ['DotField', name('DOT_FIELD')],
  ['Time', name('TIME')],
  ['Word', name('WORD')],
  // Each is what its name says, right before a colon.
  ['Label', choice(name('WORD'), name('PARAMETER'))],
  ['StringLabel', name('STRING')],
  ['Equal', text('=')],
]);

/** A shortcut of the lexer for large objects and arrays; the language is the same without it. */
const shortcut = 'JsonLiteral';

/** Names that read better than those of the parser. */
const betterNames: ReadonlyMap<string, string> = new Map([
  ['bare', 'BareStatement'],
  ['saveOrPolicy', 'SaveStatement'],
  ['fieldsOfPayload', 'Fields'],
  ['fields', 'FieldList'],
  ['steps', 'PathSteps'],
  ['members', 'Candidates'],
  ['moveCurrency', 'MoveValue'],
  ['readCurrency', 'ReadValue'],
  ['newCurrency', 'NewCurrency'],
  ['scheduled', 'ScheduledRun'],
  ['pipes', 'Pipes'],
  ['pipe', 'Action'],
  ['item', 'PickItem'],
]);

export function ruleName(parserName: string): string {
  return betterNames.get(parserName) ?? parserName.charAt(0).toUpperCase() + parserName.slice(1);
}

const rolePrefix = 'any ';

interface Names {
  /** The document's name of a set of tokens. */
  readonly ofSet: (set: string) => string;
  readonly sets: ReadonlyMap<string, readonly string[]>;
  readonly keywords: ReadonlySet<string>;
  readonly signs: ReadonlyMap<string, string>;
}

function namesOf({ rules, tokens }: GrammarDescription): Names {
  const sets = new Map<string, string[]>();
  for (const token of tokens) {
    for (const set of token.sets) sets.set(set, [...(sets.get(set) ?? []), token.name]);
  }
  const taken = new Set([...rules.keys()].map(ruleName));
  // A rule that is one set of tokens gives the set its name.
  const aliases = new Map<string, string>();
  for (const [rule, node] of rules) if (node.kind === 'token') aliases.set(node.name, ruleName(rule));
  const ofSet = (set: string) => {
    const plain = ruleName(set.startsWith(rolePrefix) ? set.slice(rolePrefix.length) : set);
    return aliases.get(set) ?? (taken.has(plain) ? `${plain}Word` : plain);
  };
  const keywords = new Set<string>(keywordRoles.flatMap((role) => keywordsByRole[role]));
  const signs = new Map(tokens.flatMap((token) => (token.text ? [[token.name, token.text] as const] : [])));
  return { ofSet, sets, keywords, signs };
}

function tokenNode(token: string, names: Names): Node {
  const known = lexicalNames.get(token);
  if (known) return known;
  const sign = names.signs.get(token);
  if (sign !== undefined) return text(sign);
  if (names.sets.has(token)) return name(names.ofSet(token));
  invariant(names.keywords.has(token), `the document has no name for the token ${token}`);
  return text(token);
}

function nodeOf(node: GrammarNode, names: Names): Node {
  switch (node.kind) {
    case 'rule':
      return name(ruleName(node.name));
    case 'token':
      return tokenNode(node.name, names);
    case 'sequence':
      return { kind: 'sequence', items: node.items.map((item) => nodeOf(item, names)) };
    case 'choice': {
      const items = node.items.filter((item) => item.kind !== 'token' || item.name !== shortcut);
      return { kind: 'choice', items: items.map((item) => nodeOf(item, names)) };
    }
    case 'optional':
      return { kind: 'optional', item: nodeOf(node.item, names) };
    case 'repeat': {
      const item = nodeOf(node.item, names);
      if (node.separator === undefined) return { kind: 'repeat', item, least: node.least };
      const separated: Node = {
        kind: 'repeat',
        item,
        least: 1,
        separator: tokenNode(node.separator, names),
      };
      return node.least === 1 ? separated : { kind: 'optional', item: separated };
    }
  }
}

/** A set of tokens as a rule. Keywords are words to a set that takes every word. */
function setNode(members: readonly string[], isRole: boolean, names: Names): Node {
  const shown = isRole ? members : members.filter((member) => !names.keywords.has(member));
  return choice(...shown.map((member) => tokenNode(member, names)));
}

/** The productions of the parser and its sets of tokens as rules of the document, simplified. */
export function rulesFromParser(grammar: GrammarDescription): ReadonlyMap<string, Node> {
  const names = namesOf(grammar);
  const rules = new Map<string, Node>();
  for (const [rule, node] of grammar.rules) rules.set(ruleName(rule), simplify(nodeOf(node, names)));
  for (const [set, members] of names.sets) {
    rules.set(names.ofSet(set), simplify(setNode(members, set.startsWith(rolePrefix), names)));
  }
  return rules;
}
