import { execute, isExecutable, runQueryAsText, type JsonText } from '@drops/executor';
import type { Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { explainAccess } from './access/explain-access.js';
import { performGrant, performRevoke } from './access/share.js';
import type { Caller } from './caller.js';
import { executionContext } from './execution-context.js';
import { performExport } from './export.js';
import type { Pass } from './gate.js';
import type { Host } from './host.js';
import { performInvoke } from './invoke.js';
import { notAvailable } from './not-available.js';
import type { QueryTemplate } from '@drops/executor';
import type { CompiledStatement } from './prepare.js';
import { translatePlan } from './translate-plan.js';

/** Runs a bound plan that passed the gate. Throws a DropsError for what the user got wrong. */
export function perform(
  host: Host,
  snapshot: Snapshot,
  statement: CompiledStatement & { readonly template?: QueryTemplate | undefined },
  caller: Caller,
  pass: Pass,
): Json | JsonText | Promise<Json> {
  const { plan } = statement;
  if (isExecutable(plan)) {
    const context = executionContext(host, snapshot, caller, pass, statement.template);
    const asText = caller.asText && statement.warnings.length === 0 && plan.kind === 'Query';
    return asText ? runQueryAsText(plan, context) : execute(plan, context);
  }
  switch (plan.kind) {
    case 'Translate':
      return { ...translatePlan(plan.plan, plan.target, statement.source, host) };
    case 'Export':
      return performExport(host, snapshot, plan, caller, pass);
    case 'Invoke':
      return performInvoke(host, snapshot, plan, caller, pass);
    case 'SetPolicy':
      caller.policy.autoProtect = plan.value;
      return { ok: true, policy: plan.name, value: plan.value };
    case 'Grant':
      return performGrant(host, plan, pass);
    case 'Revoke':
      return performRevoke(host, plan, pass);
    case 'Explain':
      return plan.mode === 'access'
        ? explainAccess(host, snapshot, plan, statement.effects, pass)
        : notAvailable(plan, pass.identity);
    default:
      return notAvailable(plan, pass.identity);
  }
}
