import { fail, invariant } from '@drops/diagnostics';
import type { InclusionProof, LocalSnapshot } from '../store.js';
import { readU48, u48 } from './binary-keys.js';
import { canonicalRecord } from '../log/chain.js';
import { saltLength } from '../log/commitment.js';
import type { Environment, Reader } from './environment.js';
import { readPlace } from '../log/log-record.js';
import { createMountainRange, pathOf } from '../log/mountain-range.js';
import { pathOf as routePathOf, type Routes } from './routes.js';

interface Commit {
  /** The first and last tx of the group that shares the link. */
  readonly first: number;
  readonly last: number;
  readonly index: number;
  readonly previous: Buffer;
}

interface Links {
  readonly links: readonly Buffer[];
  readonly commit: Commit;
}

/** All links up to a head, and where the commit of a tx stands among them. */
function readLinks(environment: Environment, reader: Reader, head: number, tx: number): Links {
  const links: Buffer[] = [];
  let commit: Commit | undefined;
  let first = 1;
  for (const { key, value } of reader.range(environment.chain, { start: '', end: u48(head + 1) })) {
    const last = readU48(key, 0);
    if (first <= tx && tx <= last)
      commit = { first, last, index: links.length, previous: links.at(-1) ?? Buffer.alloc(32) };
    links.push(value);
    first = last + 1;
  }
  invariant(commit, `tx ${tx} has no link`);
  return { links, commit };
}

/** The records that a link covers, as the link's hash takes them. */
function recordsOf(environment: Environment, routes: Routes, reader: Reader, commit: Commit): string[] {
  const records: string[] = [];
  const range = { start: u48(commit.first), end: u48(commit.last + 1) };
  for (const { key, value } of reader.range(environment.log, range)) {
    const path = routePathOf(routes, reader, readPlace(value).routeId);
    records.push(canonicalRecord(readU48(key, 0), value, path).toString('hex'));
  }
  return records;
}

/**
 * Proves that the newest version of an entity is in the chain: its content leads to the commitment in its header, the
 * headers of its commit to a link, the link to the root over all links. As large as the commit and the logarithm of
 * the chain; making it reads every link. NOT_FOUND and DELETED when there is nothing live to prove.
 */
export function proveEntity(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  snapshot: LocalSnapshot,
  route: string,
  key: string,
): InclusionProof {
  const drop = snapshot.get(route, key);
  if (drop === undefined) return fail('NOT_FOUND', `${route} @${key} is not there.`);
  if (drop === 'deleted') return fail('DELETED', `${route} @${key} was removed.`);
  const { links, commit } = readLinks(environment, reader, snapshot.tx, drop.tx);
  const payload = reader.get(environment.payloads, u48(drop.tx));
  invariant(payload, `tx ${drop.tx} has no payload`);
  const [salt, body] = [payload.toString('hex', 0, saltLength), payload.toString('utf8', saltLength)];
  const range = createMountainRange();
  for (const link of links) range.add(link);
  return {
    kind: 'drops-proof',
    format: 1,
    route,
    key,
    tx: drop.tx,
    salt,
    body,
    previous: commit.previous.toString('hex'),
    records: recordsOf(environment, routes, reader, commit),
    index: commit.index,
    size: links.length,
    path: pathOf(links, commit.index).map((hash) => hash.toString('hex')),
    root: range.root().toString('hex'),
  };
}
