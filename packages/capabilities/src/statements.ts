import type { Plan } from '@drops/ir';

/** A capability that has statements of its own instead of a service's. */
export interface StatementCapability {
  readonly name: string;
  readonly summary: string;
  /** Whose it is: what a key makes is listed and removed by that key alone. */
  readonly by: 'anyone' | 'key';
}

/** The capability a plan needs beyond the relational core, or undefined: what has no handler answers NOT_AVAILABLE with its name. */
export function statementCapabilityOf(plan: Plan): StatementCapability | undefined {
  switch (plan.kind) {
    case 'Call':
      return { name: 'functions.run', summary: 'Runs a stored function', by: 'anyone' };
    case 'Trigger':
      return { name: 'hooks.create', summary: 'Calls an address when a route changes', by: 'key' };
    case 'Schedule':
      return { name: 'schedules.create', summary: 'Runs a stored function at set times', by: 'key' };
    case 'Drop':
      return plan.what === 'webhook'
        ? { name: 'hooks.delete', summary: 'Removes a webhook', by: 'key' }
        : { name: 'schedules.delete', summary: 'Removes a schedule', by: 'key' };
    case 'Grant':
      return { name: 'access.share', summary: 'Grants keys the use of a route', by: 'key' };
    case 'Revoke':
      return { name: 'access.unshare', summary: 'Takes grants back', by: 'key' };
    case 'Inspect':
      return inspectCapability(plan.target.what);
    case 'Invoke':
      return { name: `${plan.service}.${plan.verb}`, summary: 'A statement of a service', by: 'key' };
    case 'ForEach':
      return plan.effect.kind === 'InvokeEach'
        ? { name: `${plan.effect.service}.${plan.effect.verb}`, summary: 'Acts for each row', by: 'key' }
        : undefined;
    default:
      return undefined;
  }
}

function inspectCapability(
  what: Extract<Plan, { readonly kind: 'Inspect' }>['target']['what'],
): StatementCapability | undefined {
  switch (what) {
    case 'job':
      return { name: 'functions.status', summary: 'Tells how an asynchronous run stands', by: 'anyone' };
    case 'webhooks':
      return { name: 'hooks.list', summary: 'Lists webhooks', by: 'key' };
    case 'schedules':
      return { name: 'schedules.list', summary: 'Lists schedules', by: 'key' };
    default:
      return undefined;
  }
}
