import { expect, test } from 'vitest';
import { sha256 } from './commitment.js';
import { createMountainRange, pathOf } from './mountain-range.js';

const hash = (...parts: readonly Buffer[]): Buffer => sha256(Buffer.concat(parts));
const links = Array.from({ length: 40 }, (_, i) => hash(Buffer.from([i])));

/** The definition of RFC 6962: split at the largest power of two below the size. */
function treeHash(part: readonly Buffer[]): Buffer {
  const [only] = part;
  if (part.length === 1 && only) return hash(Buffer.from([0]), only);
  let split = 1;
  while (split * 2 < part.length) split *= 2;
  return hash(Buffer.from([1]), treeHash(part.slice(0, split)), treeHash(part.slice(split)));
}

const rootOf = (size: number, top: Buffer): Buffer => hash(Buffer.from([2, 0, 0, 0, 0, 0, size]), top);

test('the root of a range is that of the tree by its definition', () => {
  const range = createMountainRange();
  expect(range.root()).toEqual(Buffer.alloc(32));
  for (const [i, link] of links.entries()) {
    range.add(link);
    expect(range.root()).toEqual(rootOf(i + 1, treeHash(links.slice(0, i + 1))));
  }
});

test('paths lead to the root, and their length is that of a logarithm', () => {
  for (let size = 1; size <= links.length; size += 1) {
    const range = createMountainRange();
    for (const link of links.slice(0, size)) range.add(link);
    for (let index = 0; index < size; index += 1) {
      const path = [...pathOf(links.slice(0, size), index)];
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      let node = hash(Buffer.from([0]), links[index] ?? Buffer.alloc(0));
      for (let at = index, width = size; width > 1; at = at >> 1, width = (width + 1) >> 1) {
        if ((at ^ 1) >= width) continue;
        const neighbour = path.shift() ?? Buffer.alloc(0);
        node =
          at % 2 === 0 ? hash(Buffer.from([1]), node, neighbour) : hash(Buffer.from([1]), neighbour, node);
      }
      expect(rootOf(size, node)).toEqual(range.root());
    }
  }
});
