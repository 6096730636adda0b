import type { Identity } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Effect, Plan } from '@drops/ir';

const keyForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * The key of a request as an identity. A malformed key is refused, never treated as anonymous.
 * Bearer mode takes a well-formed key at its word.
 */
export function identityOfKey(key: string | undefined): Identity {
  if (key === undefined) return { kind: 'anonymous' };
  if (!keyForm.test(key)) {
    fail('INVALID_KEY', 'the key of the caller is 43 characters of A-Z a-z 0-9 _ -', { status: 401 });
  }
  return { kind: 'key', key };
}

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
