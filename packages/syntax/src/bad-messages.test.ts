import { readFileSync } from 'node:fs';
import type { Diagnostic } from '@drops/diagnostics';
import { describe, expect, test } from 'vitest';
import { parse } from './parse.js';

/**
 * `bad-messages.txt` holds bad texts, each with all that is said about it: severity if it is only a warning,
 * code, the text under the span, message, hint. `⏎` stands for a line break. A message that turns out poor in
 * practice is added as it is, and then made better.
 */
const blocks = readFileSync(new URL('./bad-messages.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n\n');

function described(text: string, { code, severity, span, message, hint }: Diagnostic): string {
  const at = span ? text.slice(span.start, span.end).replaceAll('\n', '⏎') : '?';
  const headline = `  ${severity === 'warning' ? 'warning ' : ''}${code} at ‹${at}› ${message}`;
  return hint === undefined ? headline : `${headline}\n    ${hint}`;
}

function describeText(shown: string): string {
  const text = shown.replaceAll('⏎', '\n');
  const found = parse(text).statements.flatMap((one) => [...(one.ok ? [] : one.errors), ...one.warnings]);
  return [shown, ...found.map((one) => described(text, one))].join('\n');
}

describe('what is said about bad texts', () => {
  test.each(blocks.map((block) => [block.split('\n')[0] ?? '', block]))('%s', (shown, block) => {
    expect(describeText(shown)).toBe(block);
  });

  test('nothing in the list is good', () => {
    expect(blocks.filter((block) => !block.includes('\n'))).toEqual([]);
    expect(blocks.length).toBeGreaterThan(200);
  });

  test('messages speak of the text, not to its writer', () => {
    const lines = blocks.flatMap((block) => block.split('\n').slice(1));
    expect(lines.filter((one) => !one.includes('did you mean') && /\byou(r|)\b/i.test(one))).toEqual([]);
  });
});
