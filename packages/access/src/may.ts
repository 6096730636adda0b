import { assertNever } from '@drops/diagnostics';
import { definitionRoutes, isWithin, type Permission } from '@drops/ir';
import { publicIdOf } from '@drops/store/public-id';
import { grantsTo, type AccessList } from './access-list.js';
import { callerId, isAdministrator, type Identity } from './identity.js';
import type { AccessRecords } from './records.js';
import { forbidden, keyRequired, permit, type Verdict } from './verdict.js';
import { withAncestors, zoneOf } from './zones.js';

/** The list that rules a route, and where it stands. */
export interface RulingList {
  readonly route: string;
  readonly list: AccessList;
}

/** The list of a route or of the nearest route above: the most specific wins (features: ACCESS-14). */
export function rulingList(route: string, records: AccessRecords): RulingList | undefined {
  for (const place of withAncestors(route)) {
    const list = records.acl(place);
    if (list) return { route: place, list };
  }
  return undefined;
}

/** Refuses a caller without a key by asking for one, any other for good. */
export function refuse(identity: Identity, rule: string): Verdict {
  return identity.kind === 'key' ? forbidden(rule) : keyRequired(rule);
}

/** Why the limits of a sub-key keep it from something; undefined: they do not. */
function outsideLimits(
  identity: Identity,
  permission: Permission,
  route: string | null,
): Verdict | undefined {
  if (identity.kind !== 'key' || identity.limits === undefined) return undefined;
  const { permissions, routes } = identity.limits;
  if (!permissions.has(permission)) return forbidden(`this sub-key has no permission ${permission}`);
  if (routes === undefined || route === null) return undefined;
  if (routes.some((root) => isWithin(route, root))) return undefined;
  return forbidden('this sub-key is limited to other routes');
}

/** Whether a caller has a permission at all, whatever the route. */
export function mayAnywhere(identity: Identity, permission: Permission): Verdict {
  return outsideLimits(identity, permission, null) ?? permit('routes that may not be read are left out');
}

/** Whether the private zone of a key is the caller's: it is that key, or has claimed it. */
export function ownsPrivateZone(identity: Identity, key: string, records: AccessRecords): boolean {
  if (identity.kind !== 'key') return false;
  return identity.key === key || records.ownerOf(publicIdOf(key)) === callerId(identity);
}

function mayInPrivate(
  identity: Identity,
  permission: Permission,
  route: string,
  key: string,
  records: AccessRecords,
): Verdict {
  if (ownsPrivateZone(identity, key, records))
    return permit('a private zone is open to its key and to who claimed it');
  const caller = callerId(identity);
  const ruling = rulingList(route, records);
  // The owner of the list is whoever held the zone when it was made: it says nothing about today.
  const grants = ruling && { ...ruling.list, owner: null };
  if (caller !== null && grants && grantsTo(grants, caller, permission)) {
    return permit(`the list of a private route grants ${permission}`);
  }
  return refuse(
    identity,
    'a private zone is open to its key, to who claimed it and to who is granted a part',
  );
}

function mayInShared(
  identity: Identity,
  permission: Permission,
  name: string | null,
  records: AccessRecords,
): Verdict {
  const trust = name === null ? undefined : records.trust(name);
  if (name === null || trust === undefined) {
    const rule = `shared/${name ?? ''} has no trust record; save trust/${name ?? 'NAME'} @acl makes one`;
    return { allowed: false, code: 'NO_TRUST', status: 403, rule };
  }
  const caller = callerId(identity);
  if (caller !== null && grantsTo(trust, caller, permission))
    return permit(`trust/${name} grants ${permission}`);
  return refuse(identity, `trust/${name} does not grant ${permission}`);
}

/** The trust zone is never read; its records are written by who owns them. */
function mayInTrust(identity: Identity, permission: Permission): Verdict {
  if (permission !== 'drop') return forbidden('records of trust are never read directly');
  return identity.kind === 'key'
    ? permit('a key may make a trust record')
    : keyRequired('a trust record needs an owner');
}

/** Routes of the open zone that no list covers. */
function mayUncovered(
  identity: Identity,
  permission: Permission,
  route: string,
  records: AccessRecords,
): Verdict {
  if (records.openZone === 'open') return permit('open: no access list on the route or above');
  if (permission === 'drop' && identity.kind === 'key' && records.isEmpty(route)) {
    return permit('a key may begin a route, which is then its own');
  }
  return refuse(identity, 'this server keeps routes without an access list closed');
}

function mayByMode(identity: Identity, permission: Permission, { route, list }: RulingList): Verdict {
  const caller = callerId(identity);
  const reads = permission !== 'drop';
  const of = `the access list of ${route} (${list.mode})`;
  if (caller !== null && grantsTo(list, caller, permission)) {
    return permit(list.owner === caller ? `${of} is the caller's own` : `${of} grants ${permission}`);
  }
  switch (list.mode) {
    case 'shared':
      return refuse(identity, `${of} does not grant ${permission}`);
    case 'protected':
      return reads ? permit(`${of} lets everybody read`) : refuse(identity, `${of} does not grant drop`);
    case 'writeonly':
      return reads
        ? refuse(identity, `${of} does not grant ${permission}`)
        : permit(`${of} lets everybody write`);
    case 'moderated':
      if (reads) return permit(`${of} lets everybody read`);
      return identity.kind === 'key'
        ? permit(`${of} lets every key write`)
        : keyRequired(`${of} needs a key to write`);
    default:
      return assertNever(list.mode);
  }
}

/** Routes of which every record is made by a statement of its own. */
function isDefinition(route: string): boolean {
  return route === definitionRoutes.views || route === definitionRoutes.indexes;
}

/**
 * Whether a caller has a permission on one route. Of writes it says whether any may be done there; what may be done to
 * which entity says `mayWrite`.
 */
export function may(
  identity: Identity,
  permission: Permission,
  route: string,
  records: AccessRecords,
): Verdict {
  if (isAdministrator(identity)) return permit('the administrator may do everything');
  const outside = outsideLimits(identity, permission, route);
  if (outside) return outside;
  const zone = zoneOf(route);
  switch (zone.kind) {
    case 'system':
      return forbidden(`the route ${route} belongs to the system`);
    case 'internal':
      if (permission === 'drop' && isDefinition(route))
        return forbidden('views and indexes are made by their statements');
      if (permission !== 'drop') return permit('the internal zone is read by everybody');
      return identity.kind === 'key'
        ? permit('any key may write its own entities in the internal zone')
        : keyRequired('writing in the internal zone needs a key');
    case 'patterns':
      return permit('patterns are read by everybody and written by who may write what they are for');
    case 'private':
      return mayInPrivate(identity, permission, route, zone.key, records);
    case 'shared':
      return mayInShared(identity, permission, zone.name, records);
    case 'trust':
      return mayInTrust(identity, permission);
    case 'open': {
      const ruling = rulingList(route, records);
      return ruling
        ? mayByMode(identity, permission, ruling)
        : mayUncovered(identity, permission, route, records);
    }
    default:
      return assertNever(zone);
  }
}
