import type { Identity } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Effect, Plan } from '@drops/ir';

/**
 * The one gate: every plan passes it with its effects before anything runs.
 * Routes of the system zone (`__…`) belong to the server alone.
 */
export function gate(identity: Identity, plan: Plan, effects: readonly Effect[]): void {
  if (identity.kind === 'administrator') return;
  for (const effect of effects) {
    if (effect.route !== null && effect.route.startsWith('__')) {
      fail('FORBIDDEN', `the route ${effect.route} belongs to the system`, { span: plan.span });
    }
  }
}
