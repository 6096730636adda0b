import { fail, invariant } from '@drops/diagnostics';
import type { StoredDrop } from '@drops/ir';
import type { Found, InclusionProof } from '../store.js';
import { linkLength } from './chain.js';
import { saltLength } from './commitment.js';
import { createMountainRange, pathOf } from './mountain-range.js';

/** A link of the chain and the last tx that it covers. */
export interface ChainLink {
  readonly last: number;
  readonly link: Buffer;
}

/** The group of records that share a link. */
export interface LinkedGroup {
  readonly first: number;
  readonly last: number;
  /** Place of the link among all. */
  readonly index: number;
}

/** The drop that is to be proved. NOT_FOUND and DELETED when there is nothing live. */
export function provableDrop(found: Found, route: string, key: string): StoredDrop {
  if (found === undefined) return fail('NOT_FOUND', `${route} @${key} is not there.`);
  if (found === 'deleted') return fail('DELETED', `${route} @${key} was removed.`);
  return found;
}

/** The group that a tx belongs to. */
export function groupOf(links: readonly ChainLink[], tx: number): LinkedGroup {
  const index = links.findIndex(({ last }) => last >= tx);
  const link = links[index];
  invariant(link, `tx ${tx} has no link`);
  return { first: (links[index - 1]?.last ?? 0) + 1, last: link.last, index };
}

/**
 * Proves that a version is in the chain: its content leads to the commitment in its header, the headers of its commit
 * (`records`, as the link's hash takes them) to a link, the link to the root over all links. As large as the commit and the
 * logarithm of the chain.
 */
export function inclusionProof(
  drop: StoredDrop,
  key: string,
  payload: Buffer,
  links: readonly ChainLink[],
  records: readonly Buffer[],
): InclusionProof {
  const { index } = groupOf(links, drop.tx);
  const bytes = links.map(({ link }) => link);
  const range = createMountainRange();
  for (const link of bytes) range.add(link);
  const previous = bytes[index - 1] ?? Buffer.alloc(linkLength);
  return {
    kind: 'drops-proof',
    format: 1,
    route: drop.route,
    key,
    tx: drop.tx,
    salt: payload.toString('hex', 0, saltLength),
    body: payload.toString('utf8', saltLength),
    previous: previous.toString('hex'),
    records: records.map((record) => record.toString('hex')),
    index,
    size: links.length,
    path: pathOf(bytes, index).map((hash) => hash.toString('hex')),
    root: range.root().toString('hex'),
  };
}
