import type { Span } from '@drops/diagnostics';
import type { Expression } from '@drops/ir';

/** The or of conditions; the one condition where there is one. */
export const orOf = (terms: readonly Expression[], span: Span): Expression =>
  terms.length === 1 && terms[0] ? terms[0] : { kind: 'Or', terms, span };

/** Whether a value is there, or with `negated` is not. */
export const exists = (operand: Expression, negated: boolean, span: Span): Expression => ({
  kind: 'Exists',
  operand,
  negated,
  span,
});
