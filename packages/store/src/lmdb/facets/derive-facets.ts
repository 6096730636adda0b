import { facetFields, getProperty, isObject, type Json } from '@drops/ir';
import { parseBody } from '../../log/payload.js';
import { u32 } from '../rows/binary-keys.js';
import type { RowBody } from '../rows/current-row.js';
import type { DerivedRecord } from '../rows/derived-record.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { payloadOfRow, rowOfRecord } from '../indexes/index-entries.js';
import { entriesIn, listKey, routeKey } from './facet-keys.js';

/** Keeps the entries of universal fields in step with the rows. Payloads without such a field cost a look at their names. */
export interface FacetDerivation {
  /** Call it when the row of the record is written. */
  apply(record: DerivedRecord): void;
}

const fields = Object.values(facetFields);
const fieldNames = fields.map((field) => Buffer.from(`"${field}"`));
/** How the path of a counter in a universal field begins. */
const counterPaths = fields.map((field) => `["${field}"`);

const empty = Buffer.alloc(0);

function hasFields(payload: Json): boolean {
  return isObject(payload) && fields.some((field) => getProperty(payload, field) !== undefined);
}

function bodyHasFields({ bytes, start, end }: RowBody): boolean {
  const body = bytes.subarray(start, end);
  return fieldNames.some((name) => body.includes(name));
}

/** Entries one behind the other, each after its length. */
function packEntries(entries: readonly string[]): Buffer {
  return Buffer.from(entries.map((entry) => u32(entry.length) + entry).join(''), 'latin1');
}

function unpackEntries(bytes: Buffer | undefined): readonly string[] {
  const entries: string[] = [];
  for (let at = 0; bytes && at < bytes.length;) {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    entries.push(bytes.toString('latin1', start, at));
  }
  return entries;
}

/** The entries of write transactions, one after the other. */
export function deriveFacets(environment: Environment, reader: Reader): FacetDerivation {
  const { facets } = environment;
  const routes = new Map<number, boolean>();

  const hadAny = (routeId: number): boolean => {
    const known = routes.get(routeId) ?? reader.get(facets, routeKey(routeId)) !== undefined;
    routes.set(routeId, known);
    return known;
  };
  const note = (routeId: number): void => {
    if (hadAny(routeId)) return;
    facets.putSync(routeKey(routeId), empty);
    routes.set(routeId, true);
  };

  const replace = (routeId: number, row: string, after: readonly string[]): void => {
    const before = hadAny(routeId) ? unpackEntries(reader.get(facets, listKey(row))) : [];
    if (before.length === 0 && after.length === 0) return;
    note(routeId);
    const kept = new Set(after);
    const known = new Set(before);
    for (const entry of before) if (!kept.has(entry)) facets.removeSync(entry + row);
    for (const entry of after) if (!known.has(entry)) facets.putSync(entry + row, empty);
    if (after.length === 0) facets.removeSync(listKey(row));
    else facets.putSync(listKey(row), packEntries(after));
  };

  /** The payload that queries see, when it may have universal fields. */
  const payloadOf = ({ header, payload, body, replaced }: DerivedRecord, row: string): Json => {
    if (header.kind !== 'put' || !body) return null;
    if (payload === undefined ? !bodyHasFields(body) : !hasFields(payload)) return null;
    // Counters are shown over what was written.
    if (replaced?.marked === true) return payloadOfRow(environment, reader, row) ?? null;
    return payload ?? parseBody(body.bytes, body.start, body.end, body.ascii);
  };

  return {
    apply(record) {
      const { header, counter, tx } = record;
      const { routeId, kind } = header;
      if (kind === 'counter') {
        if (!counterPaths.some((path) => counter?.path.startsWith(path)) || !hadAny(routeId)) return;
        const row = rowOfRecord(header, tx);
        return replace(routeId, row, entriesIn(payloadOfRow(environment, reader, row) ?? null));
      }
      const row = rowOfRecord(header, tx);
      const payload = payloadOf(record, row);
      // Most rows of most routes have none, and had none.
      if (payload !== null || hadAny(routeId)) replace(routeId, row, entriesIn(payload));
    },
  };
}
