import type { Plan } from '@drops/ir';

/** A capability that has statements of its own instead of a service's. */
export interface StatementCapability {
  readonly name: string;
  readonly summary: string;
}

/** The capability a plan needs beyond the relational core, or undefined: what has no handler answers NOT_AVAILABLE with its name. */
export function statementCapabilityOf(plan: Plan): StatementCapability | undefined {
  switch (plan.kind) {
    case 'Call':
      return { name: 'functions.run', summary: 'Runs a stored function' };
    case 'Trigger':
      return { name: 'hooks.create', summary: 'Calls an address when a route changes' };
    case 'Schedule':
      return { name: 'schedules.create', summary: 'Runs a stored function at set times' };
    case 'Drop':
      return plan.what === 'webhook'
        ? { name: 'hooks.delete', summary: 'Removes a webhook' }
        : { name: 'schedules.delete', summary: 'Removes a schedule' };
    case 'Grant':
      return { name: 'access.share', summary: 'Grants keys the use of a route' };
    case 'Revoke':
      return { name: 'access.unshare', summary: 'Takes grants back' };
    case 'Inspect':
      return inspectCapability(plan.target.what);
    case 'Invoke':
      return { name: `${plan.service}.${plan.verb}`, summary: 'A statement of a service' };
    case 'ForEach':
      return plan.effect.kind === 'InvokeEach'
        ? { name: `${plan.effect.service}.${plan.effect.verb}`, summary: 'Acts for each row' }
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
      return { name: 'functions.status', summary: 'Tells how an asynchronous run stands' };
    case 'webhooks':
      return { name: 'hooks.list', summary: 'Lists webhooks' };
    case 'schedules':
      return { name: 'schedules.list', summary: 'Lists schedules' };
    default:
      return undefined;
  }
}
