import type { Identity } from '@drops/access';
import { capabilityOf, statementCapabilityOf } from '@drops/capabilities';
import { fail } from '@drops/diagnostics';
import type { Plan } from '@drops/ir';

/** What a caller reads of a part that this server does not have. */
function nameOf(plan: Plan): string {
  switch (plan.kind) {
    case 'Explain':
      return `explain ${plan.mode}`;
    default:
      return statementCapabilityOf(plan)?.name ?? plan.kind;
  }
}

/** Whether what a plan does belongs to the key that asks for it. */
function needsKey(plan: Plan): boolean {
  if (plan.kind === 'Invoke') return capabilityOf(plan.service, plan.verb)?.by !== 'anyone';
  return statementCapabilityOf(plan)?.by === 'key';
}

/**
 * Answers 501, naming the capability that has no handler here; KEY_REQUIRED before that where the anonymous could not use it
 * anyway. The statement itself was checked before, and passed the gate.
 */
export function notAvailable(plan: Plan, { kind }: Identity): never {
  const at = { span: plan.span };
  if (kind === 'anonymous' && needsKey(plan))
    fail('KEY_REQUIRED', `${nameOf(plan)} needs the key of its caller`, { ...at, status: 401 });
  fail('NOT_AVAILABLE', `the capability ${nameOf(plan)} is not part of this server`, at);
}
