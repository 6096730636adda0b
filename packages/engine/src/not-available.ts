import { fail } from '@drops/diagnostics';
import type { Plan } from '@drops/ir';

/** What a caller reads of a part that this server does not have. */
function nameOf(plan: Plan): string {
  switch (plan.kind) {
    case 'Invoke':
      return `${plan.service}.${plan.verb}`;
    case 'Call':
      return 'functions.run';
    case 'Trigger':
      return 'webhooks';
    case 'Schedule':
      return 'schedules';
    case 'Drop':
      return plan.what === 'webhook' ? 'webhooks' : 'schedules';
    case 'Grant':
    case 'Revoke':
      return 'access';
    case 'Export':
      return 'export';
    case 'Foreign':
      return plan.language;
    case 'DefineIndex':
      return 'indexes';
    case 'Inspect':
      return plan.target.what === 'job' ? 'functions.status' : plan.target.what;
    default:
      return plan.kind;
  }
}

/** Answers 501, naming the capability that has no handler here. The statement itself was checked before. */
export function notAvailable(plan: Plan): never {
  fail('NOT_AVAILABLE', `the capability ${nameOf(plan)} is not part of this server`, { span: plan.span });
}
