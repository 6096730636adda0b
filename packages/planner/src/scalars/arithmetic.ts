import type { ArithmeticOperator, Json } from '@drops/ir';

function calculate(op: ArithmeticOperator, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

/** A finite number without a sign on zero, else null. */
export function finiteNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return value === 0 ? 0 : value;
}

/** Arithmetic on numbers; anything else, division by zero and overflow are null. */
export function arithmetic(
  op: ArithmeticOperator,
  left: Json | undefined,
  right: Json | undefined,
): number | null {
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  return finiteNumber(calculate(op, left, right));
}
