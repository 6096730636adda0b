/**
 * A second account of who may do what, written from the rules as users read them and sharing no code with the first:
 * a place, a caller, a permission → what comes back.
 */
export type Answer = 'yes' | 'KEY_REQUIRED' | 'FORBIDDEN' | 'NO_TRUST';

export interface Caller {
  readonly name: string;
  /** Whose key it is; null: none. */
  readonly as: string | null;
  readonly admin?: boolean;
  /** A sub-key: what it may do, and where. */
  readonly limits?: { readonly can: readonly string[]; readonly under?: string };
}

export interface List {
  readonly mode: string;
  readonly owner: string;
  readonly can: Readonly<Record<string, readonly string[]>>;
}

export interface Place {
  readonly route: string;
  readonly zone: 'open' | 'internal' | 'private' | 'shared' | 'trust' | 'system';
  /** The nearest list at or above. */
  readonly list?: List;
  /** Of the private zone: whose key, and who claimed it. Of the internal zone: who wrote the entity first. */
  readonly holders?: readonly string[];
}

function granted(list: List, who: string | null, permission: string): boolean {
  return who !== null && (list.owner === who || (list.can[who] ?? []).includes(permission));
}

const no = (caller: Caller): Answer => (caller.as === null ? 'KEY_REQUIRED' : 'FORBIDDEN');

function tooLittle({ limits }: Caller, permission: string, route: string): boolean {
  if (!limits) return false;
  if (!limits.can.includes(permission)) return true;
  return limits.under !== undefined && !`${route}/`.startsWith(`${limits.under}/`);
}

/** May the caller use a permission in a place? */
export function right(caller: Caller, place: Place, permission: string): Answer {
  if (caller.admin) return 'yes';
  if (tooLittle(caller, permission, place.route)) return 'FORBIDDEN';
  const { list, zone } = place;
  const held = caller.as !== null && (place.holders ?? []).includes(caller.as);
  const write = permission === 'drop';
  if (zone === 'system') return 'FORBIDDEN';
  if (zone === 'trust') return write ? no(caller) : 'FORBIDDEN';
  if (zone === 'internal') return !write || held ? 'yes' : no(caller);
  if (zone === 'private')
    return held || (list && granted({ ...list, owner: '' }, caller.as, permission)) ? 'yes' : no(caller);
  if (zone === 'shared')
    return list ? (granted(list, caller.as, permission) ? 'yes' : no(caller)) : 'NO_TRUST';
  if (!list || granted(list, caller.as, permission)) return 'yes';
  if (list.mode === 'protected') return write ? no(caller) : 'yes';
  if (list.mode === 'writeonly') return write ? 'yes' : no(caller);
  if (list.mode === 'moderated') return !write || caller.as !== null ? 'yes' : no(caller);
  return no(caller);
}

/** May the caller write something that is not there yet, or define something for a place? */
export function beginning(caller: Caller, place: Place): Answer {
  if (place.zone !== 'internal' || caller.admin || tooLittle(caller, 'drop', place.route)) {
    return right(caller, place, 'drop');
  }
  return caller.as === null ? 'KEY_REQUIRED' : 'yes';
}

/** May the caller remove in a place? As writing, but of what is moderated. */
export function removal(caller: Caller, place: Place): Answer {
  const write = right(caller, place, 'drop');
  if (write !== 'yes' || caller.admin || place.zone !== 'open' || place.list?.mode !== 'moderated')
    return write;
  return granted(place.list, caller.as, 'drop') ? 'yes' : 'FORBIDDEN';
}

/** May the caller make, change or take away the list of a place? */
export function sharing(caller: Caller, place: Place): Answer {
  if (caller.admin) return 'yes';
  if (caller.as === null) return 'KEY_REQUIRED';
  if (caller.limits || place.zone === 'system' || place.zone === 'internal') return 'FORBIDDEN';
  if (place.zone === 'shared') return 'FORBIDDEN';
  if (place.zone === 'private') return (place.holders ?? []).includes(caller.as) ? 'yes' : 'FORBIDDEN';
  return !place.list || place.list.owner === caller.as ? 'yes' : 'FORBIDDEN';
}
