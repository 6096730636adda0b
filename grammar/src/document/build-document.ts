import { invariant } from '@drops/diagnostics';
import type { GrammarDescription } from '@drops/syntax';
import { rulesFromParser } from './from-parser.js';
import { inlineTrivial } from './inline.js';
import { choice, name, namesIn, type Node } from './nodes.js';
import { notes, sections, type Section } from './sections.js';
import { tokenRules } from './token-rules.js';

export interface DocumentRule {
  readonly name: string;
  readonly node: Node;
  readonly note?: string;
}

export interface Chapter {
  readonly title: string;
  readonly comment: string;
  readonly rules: readonly DocumentRule[];
}

/** The language as it is shown: chapters of rules. */
export interface LanguageDocument {
  readonly chapters: readonly Chapter[];
}

const last = 'BareStatement';

/** A statement is of a family; the statement without a keyword comes when nothing else fits. */
function familyRules(): ReadonlyMap<string, Node> {
  const families = sections.flatMap(({ family, rules }) => (family ? [{ family, rules }] : []));
  const rules = families.map(({ family, rules: members }): [string, Node] => [
    family,
    choice(...members.filter((member) => member !== last).map(name)),
  ]);
  return new Map([
    ['Statement', choice(...families.map(({ family }) => name(family)), name(last))],
    ...rules,
  ]);
}

function documentRule(rule: string, node: Node): DocumentRule {
  const note = notes.get(rule);
  return { name: rule, node, ...(note !== undefined && { note }) };
}

/** The rules of a chapter, each followed by those that nothing before it has shown. */
function arrange(
  section: Section,
  rules: ReadonlyMap<string, Node>,
  placed: Set<string>,
): readonly DocumentRule[] {
  const shown: DocumentRule[] = [];
  const show = (rule: string): void => {
    const node = rules.get(rule);
    invariant(node, `the chapter "${section.title}" names a rule that is not there: ${rule}`);
    placed.add(rule);
    shown.push(documentRule(rule, node));
    for (const used of namesIn(node)) if (!placed.has(used) && rules.has(used)) show(used);
  };
  const roots = section.family ? [section.family, ...section.rules] : section.rules;
  for (const root of roots) show(root);
  return shown;
}

/** Every statement of the parser must belong to one family. */
function checkFamilies(statement: Node | undefined, families: ReadonlyMap<string, Node>): void {
  const sorted = (names: readonly string[]) => [...names].sort((a, b) => (a < b ? -1 : 1)).join(' ');
  const listed = [...families.values()].flatMap(namesIn).filter((member) => !families.has(member));
  invariant(
    statement && sorted(namesIn(statement)) === sorted(listed),
    'the families of the document do not hold the statements of the parser',
  );
}

/** The document of a grammar: its rules made readable, in chapters, and the rules of its tokens. */
export function buildDocument(grammar: GrammarDescription): LanguageDocument {
  const families = familyRules();
  const fromParser = rulesFromParser(grammar);
  checkFamilies(fromParser.get('Statement'), families);
  const listed = sections.flatMap(({ rules }) => rules);
  const chosen = [...families.keys(), ...listed];
  const rules = inlineTrivial(new Map([...fromParser, ...families]), new Set([...chosen, ...notes.keys()]));
  for (const noted of notes.keys()) invariant(rules.has(noted), `there is a note on no rule: ${noted}`);
  const placed = new Set<string>(chosen);
  const statement = rules.get('Statement');
  const script: Chapter = {
    title: 'Statements',
    comment: 'A script is read statement by statement, so one mistake does not spoil the next.',
    rules: statement ? [documentRule('Statement', statement)] : [],
  };
  const tokens: Chapter = {
    title: 'Tokens',
    comment:
      'What the text is made of. White space separates tokens and is otherwise free, but for the ends of statements.',
    rules: tokenRules.map(({ name: token, node, note }) => ({ name: token, node, note })),
  };
  const chapters = sections.map((section) => ({
    title: section.title,
    comment: section.comment,
    rules: arrange(section, rules, placed),
  }));
  return { chapters: [script, ...chapters, tokens] };
}
