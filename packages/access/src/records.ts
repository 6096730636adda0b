import { publicIdOf } from '@drops/store/public-id';
import type { AccessList } from './access-list.js';

/** Where claims lie: key = the public id of the claimed key, payload `{ owner: public id, label, type }`. */
export const claimsRoute = '__claims';
/** Which routes hold priced drops: a key each (`pricedKey`), made by the commit of the first. */
export const pricedRoute = '__priced';
/** Where refusals and administrative acts are written down. */
export const auditRoute = '__audit';

/** What the decisions are made from, at one state of a store. */
export interface AccessRecords {
  /** The list of exactly this route. */
  acl(route: string): AccessList | undefined;
  /** The list of `shared/<name>` and all below it. */
  trust(name: string): AccessList | undefined;
  /** The public id of whoever claimed a key; both are public ids. */
  ownerOf(key: string): string | undefined;
  /** The public id of the first writer of an entity, null for the administrator; undefined: nobody ever wrote it. */
  owner(route: string, key: string): string | null | undefined;
  /** True when nothing was ever stored on the route. */
  isEmpty(route: string): boolean;
  /** A route and all below it that ever held a drop; without a route all of them. */
  routes(root?: string): readonly string[];
  /** True when a drop of the route ever had a price. */
  priced(route: string): boolean;
  /** The public id that a handle stands for, without its `@`. */
  handle(name: string): string | undefined;
  /** What holds for routes of the open zone that no list covers. */
  readonly openZone: 'open' | 'closed';
}

/** The key under which a route is known to hold priced drops: keys are shorter than routes. */
export function pricedKey(route: string): string {
  return publicIdOf(route);
}
