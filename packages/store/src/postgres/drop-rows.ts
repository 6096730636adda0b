import type { Json, StoredDrop } from '@drops/ir';
import { dropIdOf } from '../log/commitment.js';
import { storedDrop } from '../log/stored-drop.js';
import { withCounters } from '../writing/counter-values.js';
import type { SqlRow } from './connection.js';
import { shownText } from './stored-text.js';

/** Which routes are read, and the state that is: places of parameters. */
export interface StatePlaces {
  /** `= $1`, `= any($1)`. */
  readonly routes: string;
  /** The tx of the state. */
  readonly tx: string;
}

/** Columns of a version, in the order that `dropOf` takes them. */
const columns = (v: string): string =>
  `${v}.route, ${v}.key, ${v}.tx, ${v}.version, ${v}.time, ${v}.expires, ${v}.writer, ${v}.price, ${v}.commitment`;

/** The counters of an entity at a tx as { path: value }: those of now that are no newer, else the last before. */
const countersNow = (v: string, tx: string): string => `
  (select json_object_agg(x.path, x.value) from (
    select n.path, case when n.tx <= ${tx} then n.value else (
      select o.value from counter_history o
      where o.route = n.route and o.key = n.key and o.path = n.path and o.tx <= ${tx} order by o.tx desc limit 1) end as value
    from counters n where n.route = ${v}.route and n.key = ${v}.key) x where x.value is not null)`;

const countersThen = (v: string, tx: string): string => `
  (select json_object_agg(x.path, x.value) from (
    select distinct on (o.path) o.path, o.value from counter_history o
    where o.route = ${v}.route and o.key = ${v}.key and o.tx <= ${tx} order by o.path, o.tx desc) x where x.value is not null)`;

const bodyOf = (v: string): string =>
  `(select convert_from(substring(p.content from 17), 'UTF8') from payloads p where p.tx = ${v}.tx)`;

/**
 * The rows of routes at a tx: what is current and no newer, and what was current then and has ended since. `only` narrows
 * both, `v` being the version. Expired rows are among them.
 */
export function rowsAt({ routes, tx }: StatePlaces, only = 'true'): string {
  return `
    select ${columns('v')}, v.body, case when v.marked then ${countersNow('v', tx)} end
    from current v where v.route ${routes} and v.tx <= ${tx} and ${only}
    union all
    select ${columns('v')}, ${bodyOf('v')}, case when v.key is not null then ${countersThen('v', tx)} end
    from history v where v.route ${routes} and v.kind = 1 and v.tx <= ${tx} and v.ended > ${tx} and ${only}`;
}

/** The columns of a row that is read, in their order. */
export const versionColumns = [
  'route',
  'key',
  'tx',
  'version',
  'time',
  'expires',
  'writer',
  'price',
  'commitment',
  'body',
  'counters',
] as const;

/** The columns of the table that follows, in their order. */
export const stateColumns = [...versionColumns, 'shown_key', 'shown_time', 'doc'] as const;

/** The same as a table that SQL made of a query reads: with the payload as JSON, which only routes without counters have whole. */
export function stateAt({ routes, tx }: StatePlaces, only = 'true'): string {
  const shown = (v: string): string =>
    `${v}.key as _key, timestamptz 'epoch' + ${v}.time * interval '1 millisecond' as _created_at`;
  return `
    select ${columns('v')}, v.body, null::json as counters, ${shown('v')}, v.doc
    from current v where v.route ${routes} and v.tx <= ${tx} and ${only}
    union all
    select ${columns('v')}, ${bodyOf('v')}, null::json, ${shown('v')}, ${bodyOf('v')}::jsonb
    from history v where v.route ${routes} and v.kind = 1 and v.tx <= ${tx} and v.ended > ${tx} and ${only}`;
}

/** Versions as they were written, of any kind: no counters, removals without a payload. */
export function versionsAt({ routes, tx }: StatePlaces, only = 'true'): string {
  return `
    select ${columns('v')}, case when v.kind = 1 then ${bodyOf('v')} else 'null' end, null::json
    from history v where v.route ${routes} and v.tx <= ${tx} and ${only}`;
}

/** A row of the statements above. */
export interface VersionRow {
  readonly expires: number;
  /** Bytes of its payload, about. */
  readonly length: number;
  readonly drop: StoredDrop;
}

function countersOf(value: unknown): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  if (typeof value !== 'object' || value === null) return counters;
  for (const [path, count] of Object.entries(value)) if (typeof count === 'number') counters.set(path, count);
  return counters;
}

/** A drop out of its row; `pathOf` names the route of an id. */
export function versionOf(row: SqlRow, pathOf: (id: number) => string): VersionRow {
  const [route, key, tx, version, time, expires, writer, price, commitment, body, counters] = row;
  const text = String(body);
  const payload: Json = JSON.parse(text);
  const bytes = Buffer.isBuffer(commitment) ? commitment : Buffer.alloc(32);
  const parts = {
    dropId: dropIdOf(bytes, 0),
    writer: typeof writer === 'string' ? writer : null,
    time: Number(time),
    version: Number(version),
    tx: Number(tx),
    price: typeof price === 'number' ? price : undefined,
    expiresAt: Number(expires),
  };
  const shown = counters === null ? payload : withCounters(payload, countersOf(counters));
  const shownKey = typeof key === 'string' ? shownText(key) : null;
  return {
    expires: Number(expires),
    length: text.length,
    drop: storedDrop(parts, pathOf(Number(route)), shownKey, shown),
  };
}
