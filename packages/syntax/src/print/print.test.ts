import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Statement } from '../ast/index.js';
import { format } from '../format.js';
import { parse } from '../parse.js';
import { withoutSpans } from '../without-spans.js';
import { print } from './print.js';

const corpus = readFileSync(new URL('../corpus.drops', import.meta.url), 'utf8');

function only(text: string): Statement {
  const [first, second] = parse(text).statements;
  if (!first?.ok || second) throw new Error(`not one statement: ${text} ${JSON.stringify(first)}`);
  return first.statement;
}

describe('the corpus', () => {
  const { statements } = parse(corpus);
  test.each(statements.map(({ span }) => corpus.slice(span.start, span.end)))('%s', (text) => {
    const tree = only(text);
    const printed = print(tree);
    expect(withoutSpans(only(printed))).toEqual(withoutSpans(tree));
    expect(print(only(printed))).toBe(printed);
    expect(printed.split('\n').every((line) => line.length <= 100 || /["']/.test(line))).toBe(true);
  });

  test('as a whole', () => {
    const formatted = format(corpus);
    if (!('text' in formatted)) throw new Error('errors');
    expect(format(formatted.text)).toEqual(formatted);
  });
});
