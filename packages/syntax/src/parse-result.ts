import type { Diagnostic, Span } from '@drops/diagnostics';
import type { Comment, Statement } from './ast/index.js';

/** One statement of a script: its tree, or what is wrong with it. One bad statement does not spoil the next. */
export type ParsedStatement =
  | {
      readonly ok: true;
      readonly statement: Statement;
      readonly span: Span;
      readonly warnings: readonly Diagnostic[];
    }
  | {
      readonly ok: false;
      readonly errors: readonly Diagnostic[];
      readonly span: Span;
      readonly warnings: readonly Diagnostic[];
    };

export interface ParseResult {
  readonly statements: readonly ParsedStatement[];
  readonly comments: readonly Comment[];
}
