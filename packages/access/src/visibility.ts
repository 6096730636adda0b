import { isWithin, type Effect } from '@drops/ir';
import { permissionOf } from './decide.js';
import { isAdministrator, type Identity } from './identity.js';
import { may, ownsPrivateZone } from './may.js';
import type { AccessRecords } from './records.js';
import { zoneOf } from './zones.js';

/** Which routes a statement may read; what it may not is left out before anything is counted. */
export type Visible = (route: string) => boolean;

function covers(effect: Effect, route: string): boolean {
  if (effect.route === null) return true;
  return effect.subtree ? isWithin(route, effect.route) : effect.route === route;
}

/** True when all that a statement reads was let in by name: nothing is left to be left out. */
function readsNamedRoutesOnly(effects: readonly Effect[]): boolean {
  return effects.every(
    (effect) => effect.writes || (effect.direct && !effect.subtree && effect.route !== null),
  );
}

/**
 * The routes that may be read for the sake of these effects, undefined for all of them: with the permission of each
 * source that covers the route. Private zones of others show themselves only to who names them: their route is their key.
 */
export function visibility(
  identity: Identity,
  effects: readonly Effect[],
  records: AccessRecords,
): Visible | undefined {
  if (isAdministrator(identity) || readsNamedRoutesOnly(effects)) return undefined;
  const reads = effects.filter((effect) => !effect.writes);
  return (route) => {
    const covering = reads.filter((effect) => covers(effect, route));
    const zone = zoneOf(route);
    const named = covering.every((effect) => effect.route !== null);
    if (zone.kind === 'private' && !named && !ownsPrivateZone(identity, zone.key, records)) return false;
    return covering.every((effect) => {
      const permission = permissionOf(effect);
      return permission === undefined || may(identity, permission, route, records).allowed;
    });
  };
}
