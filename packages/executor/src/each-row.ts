import { setProperty, type ForEach, type JsonObject, type MutableObject, type RowEffect } from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { compileExpression } from './expressions/compile.js';
import { starOf } from './row.js';
import { collectRelation } from './run-plan.js';

/** One call a row of a pipe such as `send email`: its arguments, and the row they may be filled from. */
export interface RowCall {
  readonly arguments: JsonObject;
  readonly row: JsonObject;
}

type InvokeEach = Extract<RowEffect, { readonly kind: 'InvokeEach' }>;

/** Reads the rows of a pipe that calls a capability and evaluates its arguments for each; the capability does the rest. */
export async function evaluateCalls(
  plan: ForEach & { readonly effect: InvokeEach },
  context: ExecutionContext,
): Promise<readonly RowCall[]> {
  const expressions = { now: context.snapshot.now, answers: new Map() };
  const args = plan.effect.arguments.map(({ name, value }) => ({
    name,
    value: compileExpression(value, expressions),
  }));
  const rows = await collectRelation(plan.input, context);
  return rows.map((row) => {
    const given: MutableObject = {};
    for (const { name, value } of args) setProperty(given, name, value(row) ?? null);
    return { arguments: given, row: starOf(row) };
  });
}
