import { accessKey, definitionRoutes } from '@drops/ir';
import { grantsTo, trustKey } from './access-list.js';
import { callerId, isAdministrator, type Identity } from './identity.js';
import { may, refuse, rulingList } from './may.js';
import type { AccessRecords } from './records.js';
import { mayShare } from './share.js';
import { forbidden, permit, type Verdict } from './verdict.js';
import { zoneOf } from './zones.js';

/** One change of stored state, as far as rights go. */
export interface Deed {
  readonly route: string;
  /** null: an event. */
  readonly key: string | null;
  /** It removes what is there. */
  readonly removes: boolean;
  /** Public id of whoever first wrote what it changes, null for the administrator; undefined: it changes nothing that is there. */
  readonly owner: string | null | undefined;
  /** Of a record that defines something: the route that it is about. */
  readonly about?: string | undefined;
}

/** Whether a caller may define something for a route, or name a view like it. */
export function mayDefineFor(identity: Identity, route: string, records: AccessRecords): Verdict {
  if (zoneOf(route).kind === 'trust' && !isAdministrator(identity)) {
    return refuse(identity, 'nothing is defined for the trust zone');
  }
  return may(identity, 'drop', route, records);
}

/**
 * Whether a definition is the caller's to make: a name is given by who may write the route of that name. Whose a view is
 * says its record, which only `find … as NAME` writes.
 */
function mayDefine(
  identity: Identity,
  { route, key, about }: Deed,
  records: AccessRecords,
): Verdict | undefined {
  switch (route) {
    case definitionRoutes.patterns:
    case definitionRoutes.views:
      return key === null ? undefined : mayDefineFor(identity, key, records);
    case definitionRoutes.indexes:
      return about === undefined
        ? forbidden('indexes are defined by define R index')
        : mayDefineFor(identity, about, records);
    default:
      return undefined;
  }
}

/** Whether a caller may do one change. */
export function mayWrite(identity: Identity, deed: Deed, records: AccessRecords): Verdict {
  if (isAdministrator(identity)) return permit('the administrator may do everything');
  const { route, key, removes, owner } = deed;
  const zone = zoneOf(route);
  if (zone.kind === 'trust' && key !== trustKey)
    return forbidden('the trust zone holds trust/NAME @acl alone');
  if (zone.kind === 'shared' && key === accessKey)
    return forbidden('the list of a shared zone is trust/NAME @acl');
  if (zone.kind === 'trust' || key === accessKey) return mayShare(identity, route, records);
  const defines = mayDefine(identity, deed, records);
  if (defines) return defines;
  const verdict = may(identity, 'drop', route, records);
  if (!verdict.allowed) return verdict;
  if (zone.kind === 'internal' && owner !== undefined && owner !== callerId(identity)) {
    return forbidden('an entity of the internal zone is changed by its first writer alone');
  }
  if (zone.kind === 'open' && removes) return mayRemove(identity, route, records) ?? verdict;
  return verdict;
}

/** Why a caller who may write a route may not remove from it; undefined: removing is writing there. */
function mayRemove(identity: Identity, route: string, records: AccessRecords): Verdict | undefined {
  const ruling = rulingList(route, records);
  if (ruling?.list.mode !== 'moderated') return undefined;
  const caller = callerId(identity);
  if (caller !== null && grantsTo(ruling.list, caller, 'drop')) return undefined;
  return forbidden(`the access list of ${ruling.route} (moderated) lets only granted keys remove`);
}
