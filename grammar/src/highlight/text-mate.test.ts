import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse, tokens, type ListedToken } from '@drops/syntax';
import oniguruma from 'vscode-oniguruma';
import textMate from 'vscode-textmate';
import { describe, expect, it } from 'vitest';
import { textMateText } from './text-mate.js';

const corpus = readFileSync(new URL('../../../packages/syntax/src/corpus.drops', import.meta.url), 'utf8');

interface Painted {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

async function loadGrammar() {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
  const registry = new textMate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textMate.parseRawGrammar(textMateText(), 'drops.tmLanguage.json')),
  });
  const grammar = await registry.loadGrammar('source.drops');
  if (!grammar) throw new Error('the grammar does not load');
  return grammar;
}

const grammar = await loadGrammar();

/** The scopes of a text, piece by piece. */
function paint(text: string): readonly Painted[] {
  const pieces: Painted[] = [];
  let state = textMate.INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const end = Math.min(endIndex, line.length);
      if (end > startIndex) pieces.push({ start: offset + startIndex, end: offset + end, scopes });
    }
    state = result.ruleStack;
    offset += line.length + 1;
  }
  return pieces;
}

/** The wanted scope of tokens that look the same wherever they stand. */
const wanted: ReadonlyMap<ListedToken['type'], RegExp> = new Map<ListedToken['type'], RegExp>([
  ['string', /^(?:string|punctuation\.definition\.string)/],
  ['comment', /^comment/],
  // A number is the name of a route where a route stands.
  ['number', /^(?:constant\.numeric|entity\.name\.type\.route)/],
  ['key', /^(?:entity\.name\.tag\.key|punctuation\.definition\.key)/],
  ['parameter', /^variable\.parameter/],
  ['route', /^entity\.name\.type\.route/],
  ['time', /^constant\.other\.time/],
  // A label in quotes is a string to an editor.
  ['label', /^(?:support\.type\.property-name|string|variable\.parameter|punctuation\.definition\.string)/],
]);

function faultsOf(text: string): string[] {
  const pieces = paint(text);
  const faults: string[] = [];
  for (const token of tokens(text)) {
    const scope = wanted.get(token.type);
    if (!scope) continue;
    const inside = pieces.filter(({ start, end }) => start < token.span.end && end > token.span.start);
    for (const piece of inside) {
      if (/^\s*$/.test(text.slice(piece.start, piece.end))) continue;
      const sticksOut = piece.start < token.span.start || piece.end > token.span.end;
      if (sticksOut || !piece.scopes.some((one) => scope.test(one)))
        faults.push(`${token.type} ${token.text}: ${piece.scopes.join(' ')}`);
    }
  }
  return faults;
}

function scopeAt(text: string, part: string): string | undefined {
  const offset = text.indexOf(part);
  return paint(text)
    .find(({ start, end }) => start <= offset && offset < end)
    ?.scopes.at(-1);
}

describe('the TextMate grammar', () => {
  it('sees the tokens of the corpus that the lexer sees', () => {
    expect(faultsOf(corpus)).toEqual([]);
  });

  it('knows the keyword that begins a statement', () => {
    const pieces = paint(corpus);
    const listed = new Map(tokens(corpus).map((token) => [token.span.start, token]));
    let seen = 0;
    for (const { span } of parse(corpus).statements) {
      const first = listed.get(span.start);
      if (first?.type !== 'keyword') continue;
      seen += 1;
      const piece = pieces.find(({ start, end }) => start <= span.start && span.start < end);
      expect(`${first.text} ${piece?.scopes.at(-1) ?? ''}`).toBe(
        `${first.text} keyword.control.statement.drops`,
      );
    }
    expect(seen).toBeGreaterThan(200);
  });

  it.each([
    ['find users where status = "x"', 'where', 'keyword.control.clause.drops'],
    ['find users where status = "x"', 'status', 'variable.other.field.drops'],
    ['find users where not vip exists', 'not', 'keyword.operator.word.drops'],
    ['find limit limit 5', 'limit', 'entity.name.type.route.drops'],
    ['find users limit 5', 'limit', 'keyword.control.clause.drops'],
    ['save users limit: 5', 'limit', 'support.type.property-name.drops'],
    ['find orders then remove', 'remove', 'keyword.control.action.drops'],
    ['find orders | pick name', 'pick', 'keyword.control.action.drops'],
    ['find orders group category sum amount', 'sum', 'support.function.aggregate.drops'],
    ['save users name: "x" keep 3600', 'keep', 'keyword.other.option.drops'],
    ['explain find users', 'find', 'keyword.control.statement.drops'],
    ['find users; find orders', 'orders', 'entity.name.type.route.drops'],
    ['my--route', '--', 'source.drops'],
    ['save r url: "http://x -- y"', '-- y', 'string.quoted.double.drops'],
    ['save r at: "a\\"b"', '\\"', 'constant.character.escape.drops'],
  ])('paints %j: %s as %s', (text, part, scope) => {
    expect(scopeAt(text, part)).toBe(scope);
  });

  it('sees what the lexer sees in strings of several lines, times, parameters and quoted keys', () => {
    const text =
      'save pages @"a/b" "one\n-- two\n@three"\nevery day at 14:30 tidy: run fn/tidy\n' +
      "find users where email = $email and n = 1.5e-3 -- why\nsave a { \"x\": 1, $gte: 2, 'y': 'z' }\n";
    expect(faultsOf(text)).toEqual([]);
  });
});
