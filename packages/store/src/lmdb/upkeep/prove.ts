import { invariant } from '@drops/diagnostics';
import { canonicalRecord } from '../../log/chain.js';
import {
  groupOf,
  inclusionProof,
  provableDrop,
  type ChainLink,
  type LinkedGroup,
} from '../../log/inclusion-proof.js';
import { readPlace } from '../../log/log-record.js';
import type { InclusionProof, LocalSnapshot } from '../../store.js';
import { readU48, u48 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { pathOf as routePathOf, type Routes } from '../rows/routes.js';

/** All links up to a head. */
function readLinks(environment: Environment, reader: Reader, head: number): readonly ChainLink[] {
  const rows = reader.range(environment.chain, { start: '', end: u48(head + 1) });
  return [...rows].map(({ key, value }) => ({ last: readU48(key, 0), link: value }));
}

/** The records of a group, as its link's hash takes them. */
function recordsOf(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  { first, last }: LinkedGroup,
): readonly Buffer[] {
  const rows = reader.range(environment.log, { start: u48(first), end: u48(last + 1) });
  return [...rows].map(({ key, value }) => {
    const path = routePathOf(routes, reader, readPlace(value).routeId);
    return canonicalRecord(readU48(key, 0), value, path);
  });
}

/** Proves that the newest version of an entity is in the chain; making it reads every link. NOT_FOUND, DELETED. */
export function proveEntity(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  snapshot: LocalSnapshot,
  route: string,
  key: string,
): InclusionProof {
  const drop = provableDrop(snapshot.get(route, key), route, key);
  const links = readLinks(environment, reader, snapshot.tx);
  const records = recordsOf(environment, routes, reader, groupOf(links, drop.tx));
  const payload = reader.get(environment.payloads, u48(drop.tx));
  invariant(payload, `tx ${drop.tx} has no payload`);
  return inclusionProof(drop, key, payload, links, records);
}
