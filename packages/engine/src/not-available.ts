import { statementCapabilityOf } from '@drops/capabilities';
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

/** Answers 501, naming the capability that has no handler here. The statement itself was checked before. */
export function notAvailable(plan: Plan): never {
  fail('NOT_AVAILABLE', `the capability ${nameOf(plan)} is not part of this server`, { span: plan.span });
}
