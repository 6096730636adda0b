import { u48 } from './bytes.js';
import { sha256 } from './commitment.js';

/*
 * A Merkle mountain range over the links of the chain, its peaks bagged from the right: the tree of RFC 6962. It is
 * never stored: it costs one or two hashes a link when it is asked for, and nothing when something is written.
 */

const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);
const rootMark = Buffer.from([2]);

const leafOf = (link: Buffer): Buffer => sha256(Buffer.concat([leafMark, link]));
const nodeOf = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.concat([nodeMark, left, right]));
/** The root names the number of links: a path is good for one size only. */
const rootOf = (size: number, top: Buffer): Buffer =>
  sha256(Buffer.concat([rootMark, Buffer.from(u48(size), 'latin1'), top]));

/** The peaks of the links so far. */
export interface MountainRange {
  add(link: Buffer): void;
  /** One hash over all links and their number; of no links 32 zero bytes. */
  root(): Buffer;
}

/** An empty range. */
export function createMountainRange(): MountainRange {
  const peaks: Buffer[] = [];
  let size = 0;
  return {
    add(link) {
      let node = leafOf(link);
      for (let n = size; n % 2 === 1; n = Math.floor(n / 2)) node = nodeOf(peaks.pop() ?? node, node);
      peaks.push(node);
      size += 1;
    },
    root() {
      const [last, ...others] = peaks.toReversed();
      if (!last) return Buffer.alloc(32);
      return rootOf(
        size,
        others.reduce((right, left) => nodeOf(left, right), last),
      );
    },
  };
}

/** The hashes that lead from a link to the root, lowest first: one for each level where the link's node has a neighbour. */
export function pathOf(links: readonly Buffer[], index: number): readonly Buffer[] {
  const path: Buffer[] = [];
  let level = links.map(leafOf);
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const neighbour = level[at % 2 === 0 ? at + 1 : at - 1];
    if (neighbour) path.push(neighbour);
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left) above.push(right ? nodeOf(left, right) : left);
    }
    level = above;
  }
  return path;
}
