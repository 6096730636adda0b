import { permissions, type Effect, type Permission } from '@drops/ir';
import { isAdministrator, type Identity } from './identity.js';
import { may, mayAnywhere } from './may.js';
import type { AccessRecords } from './records.js';
import { mayShare } from './share.js';
import { permit, type Denial, type Verdict } from './verdict.js';
import { mayDefineFor, mayWrite } from './write.js';
import { zoneOf } from './zones.js';

/** The permission that an action takes; undefined: it is no matter of permissions. */
export function permissionOf({ action }: Effect): Permission | undefined {
  switch (action) {
    case 'define':
      return 'drop';
    // To look at what a route is like is to count it, to run a function to read it.
    case 'inspect':
      return 'query';
    case 'execute':
      return 'entity';
    default:
      return permissions.find((permission) => permission === action);
  }
}

/** Routes that are refused by name, also where what may not be read is left out. */
function isRefusedByName(route: string): boolean {
  const { kind } = zoneOf(route);
  return kind === 'system' || kind === 'trust';
}

/** A source of several routes is refused when it would be left with none of them. */
function maySubtree(
  identity: Identity,
  permission: Permission,
  root: string,
  records: AccessRecords,
): Verdict {
  const own = may(identity, permission, root, records);
  if (own.allowed || isRefusedByName(root)) return own;
  const some = records.routes(root).some((route) => may(identity, permission, route, records).allowed);
  return some ? permit('routes below that may not be read are left out') : own;
}

/** What is known of an effect before anything is read: `mayWrite` judges each single change again. */
function mayAffect(identity: Identity, effect: Effect, records: AccessRecords): Verdict {
  const { action, route, subtree, direct, writes, removes } = effect;
  if (isAdministrator(identity)) return permit('the administrator may do everything');
  if (action === 'access') {
    return route === null ? permit('no list is named') : mayShare(identity, route, records);
  }
  if (action === 'define' && route !== null) return mayDefineFor(identity, route, records);
  const permission = permissionOf(effect);
  if (permission === undefined) return permit('a service judges its caller itself');
  if (route === null) return mayAnywhere(identity, permission);
  if (writes && !subtree) {
    // Who wrote an entity first is judged with its key.
    return permission === 'drop' && removes && zoneOf(route).kind === 'open'
      ? mayWrite(identity, { route, key: null, removes, owner: undefined }, records)
      : may(identity, permission, route, records);
  }
  if (!direct && !isRefusedByName(route)) {
    return mayAnywhere(identity, permission).allowed
      ? permit('what may not be read of a further route is left out')
      : mayAnywhere(identity, permission);
  }
  return subtree
    ? maySubtree(identity, permission, route, records)
    : may(identity, permission, route, records);
}

export interface Decision {
  readonly effect: Effect;
  readonly verdict: Verdict;
}

/** The verdict on each effect of a statement: what `explain access` shows. */
export function decisions(
  identity: Identity,
  effects: readonly Effect[],
  records: AccessRecords,
): readonly Decision[] {
  return effects.map((effect) => ({ effect, verdict: mayAffect(identity, effect, records) }));
}

/** The first refusal among the effects of a statement; undefined: it may run. */
export function decide(
  identity: Identity,
  effects: readonly Effect[],
  records: AccessRecords,
): Denial | undefined {
  if (isAdministrator(identity)) return undefined;
  for (const effect of effects) {
    const verdict = mayAffect(identity, effect, records);
    if (!verdict.allowed) return verdict;
  }
  return undefined;
}
