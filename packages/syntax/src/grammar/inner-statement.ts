import type { IToken } from 'chevrotain';
import type { Statement } from '../ast/index.js';

// One parser serves all texts and cannot be entered twice, so the text of a `translate` is parsed before the
// statement around it; its tree waits here under its token.
const parsed = new WeakMap<IToken, Statement>();

const nothing: Statement = { kind: 'Context', span: { start: 0, end: 0 } };

/** Keeps the tree of the text of a string token. */
export function keepInnerStatement(token: IToken, statement: Statement): void {
  parsed.set(token, statement);
}

/** The tree that was kept; a stand-in while Chevrotain records the grammar or where the text had errors. */
export function innerStatement(token: IToken): Statement {
  return parsed.get(token) ?? nothing;
}
