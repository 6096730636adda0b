import { execute, isExecutable } from '@drops/executor';
import type { Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import type { Caller } from './caller.js';
import { executionContext } from './execution-context.js';
import { performExport } from './export.js';
import type { Host } from './host.js';
import { notAvailable } from './not-available.js';
import type { QueryTemplate } from '@drops/executor';
import type { CompiledStatement } from './prepare.js';
import { translatePlan } from './translate-plan.js';

/** Runs a bound plan that passed the gate. Throws a DropsError for what the user got wrong. */
export function perform(
  host: Host,
  snapshot: Snapshot,
  statement: CompiledStatement & { readonly template?: QueryTemplate },
  caller: Caller,
): Json | Promise<Json> {
  const { plan } = statement;
  if (isExecutable(plan)) {
    return execute(plan, executionContext(host, snapshot, caller, statement.template));
  }
  switch (plan.kind) {
    case 'Translate':
      return { ...translatePlan(plan.plan, plan.target, statement.source, host) };
    case 'Export':
      return performExport(host, snapshot, plan, caller);
    case 'SetPolicy':
      return { ok: true, policy: plan.name, value: plan.value };
    default:
      return notAvailable(plan);
  }
}
