import { execute, isExecutable, type ExecutionContext } from '@drops/executor';
import type { Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import type { Caller } from './caller.js';
import { writerOf } from './gate.js';
import type { Host } from './host.js';
import { notAvailable } from './not-available.js';
import type { CompiledStatement } from './prepare.js';
import { translatePlan } from './translate-plan.js';

/** What the executor needs to know of this request. */
export function executionContext(host: Host, snapshot: Snapshot, caller: Caller): ExecutionContext {
  return {
    store: host.store,
    snapshot,
    writer: writerOf(caller.identity),
    rules: host.optimise,
    onMissingIndex: host.automaticIndexes.note,
    signal: caller.signal,
  };
}

/** Runs a bound plan that passed the gate. Throws a DropsError for what the user got wrong. */
export async function perform(
  host: Host,
  snapshot: Snapshot,
  statement: CompiledStatement,
  caller: Caller,
): Promise<Json> {
  const { plan, capability } = statement;
  const runsNothing = plan.kind === 'Explain' && plan.mode === 'plan';
  if ((capability === undefined || runsNothing) && isExecutable(plan)) {
    return execute(plan, executionContext(host, snapshot, caller));
  }
  switch (plan.kind) {
    case 'Translate':
      return { ...translatePlan(plan.plan, plan.target, statement.source, host.publicUrl) };
    case 'SetPolicy':
      return { ok: true, policy: plan.name, value: plan.value };
    default:
      return notAvailable(plan);
  }
}
