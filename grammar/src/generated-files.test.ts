import { readFileSync } from 'node:fs';
import { describeGrammar, keywordTable, parse, tokens } from '@drops/syntax';
import { describe, expect, it } from 'vitest';
import { buildDocument } from './document/build-document.js';
import { namesIn, textsIn } from './document/nodes.js';
import { expressionOfToken, tokenRules } from './document/token-rules.js';
import { generatedFiles } from './generated-files.js';

const files = generatedFiles();
const grammar = describeGrammar();
const rules = buildDocument(grammar).chapters.flatMap((chapter) => chapter.rules);
const ebnf = files.get('drops.ebnf') ?? '';
const corpus = readFileSync(new URL('../../packages/syntax/src/corpus.drops', import.meta.url), 'utf8');

/** The rules of the text itself, without comments: what a reader of the file sees. */
function rulesOfText(): ReadonlyMap<string, string> {
  const text = ebnf.replace(/^\/\*[\s\S]*?\*\/$/gm, '');
  const parts = text.split(/^([A-Za-z_]+) ::=/m).slice(1);
  const found = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) found.set(parts[i] ?? '', parts[i + 1] ?? '');
  return found;
}

/** Characters and texts hold letters that are no names. */
function withoutLiterals(body: string): string {
  return body.replace(/"[^"]*"|'[^']*'|\[[^\]]*\]/g, ' ');
}

describe('the generated files', () => {
  it.each([...files.keys()])('%s is what `pnpm grammar` makes of the parser', (name) => {
    expect(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')).toBe(files.get(name));
  });

  it('need nothing from elsewhere', () => {
    const page = files.get('railroad.html') ?? '';
    expect(page).not.toMatch(/<script|<link|@import|url\(|src=|https?:/);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g))
      expect(page).toContain(`id="${target ?? ''}"`);
    expect(page.match(/<svg/g)).toHaveLength(rules.length);
  });
});

describe('the EBNF', () => {
  it('defines each rule once, and every rule that it refers to', () => {
    const found = rulesOfText();
    expect([...found.keys()]).toEqual(rules.map(({ name }) => name));
    expect(new Set(found.keys()).size).toBe(rules.length);
    for (const body of found.values()) {
      const used = withoutLiterals(body).match(/[A-Za-z_]+/g) ?? [];
      expect(used.filter((name) => !found.has(name))).toEqual([]);
    }
  });

  it('uses every rule but the comment, which may stand anywhere', () => {
    const used = new Set(rules.flatMap(({ node }) => namesIn(node)));
    expect(rules.map(({ name }) => name).filter((name) => !used.has(name))).toEqual(['COMMENT']);
  });

  it('shows every keyword', () => {
    const shown = new Set([...rulesOfText().values()].flatMap((body) => body.match(/"[^"]*"/g) ?? []));
    expect([...keywordTable.keys()].filter((word) => !shown.has(`"${word}"`))).toEqual([]);
  });

  it('shows no word that is no keyword', () => {
    const inTokens = new Set(tokenRules.flatMap(({ node }) => textsIn(node)));
    const words = rules.flatMap(({ node }) => textsIn(node)).filter((text) => /^[a-z]/.test(text));
    expect(words.filter((word) => !keywordTable.has(word) && !inTokens.has(word))).toEqual([]);
  });

  it('keeps its lines short', () => {
    expect(ebnf.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });
});

/** The token rule for each kind of listed token. */
const ruleByType: ReadonlyMap<string, string> = new Map([
  ['string', 'STRING'],
  ['key', 'KEY'],
  ['route', 'PATH'],
  ['time', 'TIME'],
  ['number', 'NUMBER'],
  ['word', 'WORD'],
  ['keyword', 'WORD'],
  ['field', 'DOT_FIELD'],
  ['parameter', 'PARAMETER'],
  ['comment', 'COMMENT'],
]);

describe('the token rules', () => {
  const odd =
    "find a/b/* where .limit = 1.5e+3 and x = 'it\\'s \\u00e9 \\q' -- why\nsave r @\"a/b\" n: $value\n" +
    'every day at 9:30am tidy: run fn/tidy\nget r @$id\nfind a-b.c where n > 2e5';

  it('match the tokens that the lexer finds', () => {
    for (const { type, text } of tokens(`${corpus}\n\n${odd}`)) {
      const rule = ruleByType.get(type);
      if (rule !== undefined) expect(text).toMatch(new RegExp(`^(?:${expressionOfToken(rule)})$`));
    }
  });

  it('are tokens of the parser, each', () => {
    const known = new Set([...grammar.tokens.map(({ name }) => name), 'Comment']);
    expect(tokenRules.flatMap(({ types }) => types).filter((type) => !known.has(type))).toEqual([]);
    expect(parse(odd).statements.filter((statement) => !statement.ok)).toEqual([]);
  });
});
