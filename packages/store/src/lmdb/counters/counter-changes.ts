import { invariant } from '@drops/diagnostics';
import { saltLength } from '../../log/commitment.js';
import { readHeader, type LogHeader } from '../../log/log-record.js';
import { parseBody } from '../../log/payload.js';
import { pathKey } from '../../writing/counter-values.js';
import { entityPrefix, readU48, u48, utf8 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';

/** What one record of the log did to the counters of an entity. */
export interface CounterChange {
  readonly tx: number;
  /** What the rows of the entity begin with, see `entityPrefix`. */
  readonly entity: string;
  /** Binary string of the path's key; empty: all counters of the entity ended with it. */
  readonly path: string;
  /** null: cleared. */
  readonly value: number | null;
}

/** The body of a counter's record. */
export function counterOfBody(payload: Buffer): { readonly path: string; readonly value: number | null } {
  const body = parseBody(payload, saltLength, payload.length, false);
  invariant(
    typeof body === 'object' && body !== null && 'path' in body,
    'the body of a counter names its path',
  );
  const { path, value } = body;
  invariant(Array.isArray(path), 'the path of a counter is a list');
  return { path: pathKey(path), value: typeof value === 'number' ? value : null };
}

/** What a record does to counters, if anything. `counter`: what it says, if it is one of a counter. */
export function changeOf(
  tx: number,
  { kind, routeId, key }: LogHeader,
  counter: { readonly path: string; readonly value: number | null } | undefined,
): CounterChange | undefined {
  if (key === null) return undefined;
  if (kind === 'counter' && counter)
    return { tx, entity: entityPrefix(routeId, key), path: utf8(counter.path), value: counter.value };
  if (kind === 'delete' || kind === 'expire')
    return { tx, entity: entityPrefix(routeId, key), path: '', value: null };
  return undefined;
}

/** The changes of the records after `from` up to `to`, out of the log. */
export function changesInLog(
  environment: Environment,
  reader: Reader,
  from: number,
  to: number,
): readonly CounterChange[] {
  const changes: CounterChange[] = [];
  for (const { key, value } of reader.range(environment.log, { start: u48(from + 1), end: u48(to + 1) })) {
    const tx = readU48(key, 0);
    const header = readHeader(value);
    const payload = header.kind === 'counter' ? reader.get(environment.payloads, u48(tx)) : undefined;
    const change = changeOf(tx, header, payload && counterOfBody(payload));
    if (change) changes.push(change);
  }
  return changes;
}
