import { assertNever } from '@drops/diagnostics';
import { callerId, isAdministrator, type Identity } from './identity.js';
import { ownsPrivateZone, refuse, rulingList } from './may.js';
import type { AccessRecords } from './records.js';
import { forbidden, keyRequired, permit, type Verdict } from './verdict.js';
import { zoneOf } from './zones.js';

function mayShareOpen(identity: Identity, route: string, records: AccessRecords): Verdict {
  const ruling = rulingList(route, records);
  if (ruling === undefined) {
    if (records.openZone === 'open' || records.isEmpty(route))
      return permit('the first list of an open route is for any key to make');
    return forbidden('this server keeps routes without an access list closed');
  }
  if (ruling.list.owner === callerId(identity))
    return permit(`the caller owns the access list of ${ruling.route}`);
  return forbidden(
    ruling.route === route
      ? 'an access list is changed by its owner alone'
      : `the access list of ${ruling.route} keeps others from making one below it`,
  );
}

function mayShareTrust(identity: Identity, name: string, records: AccessRecords): Verdict {
  const trust = records.trust(name);
  if (trust === undefined) return permit('the first trust record is for any key to make');
  if (trust.owner === callerId(identity)) return permit(`the caller owns trust/${name}`);
  return forbidden('a trust record is changed by its owner alone');
}

/** Whether a caller may make, change or remove the list that stands on a route (or, for the shared zone, its trust record). */
export function mayShare(identity: Identity, route: string, records: AccessRecords): Verdict {
  if (isAdministrator(identity)) return permit('the administrator may do everything');
  if (identity.kind !== 'key') return keyRequired('an access list needs an owner');
  if (identity.limits) return forbidden('a sub-key changes no access lists');
  const zone = zoneOf(route);
  switch (zone.kind) {
    case 'system':
    case 'internal':
    case 'patterns':
      return forbidden(`the route ${route} has rules of its own and no access list`);
    case 'private':
      return ownsPrivateZone(identity, zone.key, records)
        ? permit('a private zone is shared by its key and by who claimed it')
        : refuse(identity, 'a private zone is shared by its key and by who claimed it');
    case 'shared':
    case 'trust':
      if (zone.name === null || route !== `${zone.kind}/${zone.name}`) {
        return forbidden('the shared zone is granted as a whole: share shared/NAME with @KEY');
      }
      return mayShareTrust(identity, zone.name, records);
    case 'open':
      return mayShareOpen(identity, route, records);
    default:
      return assertNever(zone);
  }
}
