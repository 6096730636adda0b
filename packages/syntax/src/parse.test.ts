import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from './parse.js';

const corpus = readFileSync(new URL('./corpus.drops', import.meta.url), 'utf8');

describe('the corpus', () => {
  const { statements, comments } = parse(corpus);
  test('every statement parses', () => {
    const bad = statements.flatMap((s) =>
      s.ok ? [] : s.errors.map((e) => `${corpus.slice(s.span.start, s.span.end)} → ${e.message}`),
    );
    expect(bad).toEqual([]);
    expect(statements.length).toBe(comments.length);
  });
});
