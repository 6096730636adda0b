import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statement } from '../arbitrary/statements.arbitrary.js';
import { parse } from '../parse.js';
import { withoutSpans } from '../without-spans.js';
import { print } from './print.js';

const runs = Number(process.env['DROPS_RUNS'] ?? 600);

test('what is printed parses to the same tree, and prints the same again', () => {
  fc.assert(
    fc.property(statement, (tree) => {
      const text = print(tree);
      const { statements } = parse(text);
      const [only] = statements;
      if (!only?.ok || statements.length !== 1) {
        throw new Error(
          `${text}\n${JSON.stringify(statements.flatMap((one) => (one.ok ? [] : one.errors)))}`,
        );
      }
      expect(withoutSpans(only.statement)).toEqual(withoutSpans(tree));
      expect(print(only.statement)).toBe(text);
    }),
    { numRuns: runs },
  );
});
