import type { Mask } from './masks.js';

/** Ordinals of rows in the order in which they are read. */
export type Selection = Uint32Array;

let counted = new Uint32Array(0);

/** 0 … size − 1. */
function countTo(size: number): Selection {
  if (counted.length < size) {
    counted = new Uint32Array(Math.ceil(size * 1.25));
    for (let i = 0; i < counted.length; i += 1) counted[i] = i;
  }
  return counted.subarray(0, size);
}

/** Where rows gather before it is known how many there are. */
let room = new Uint32Array(0);

/** The rows a mask keeps, in an order of the live rows or by ordinal. Without a mask all are kept. */
export function selectRows(mask: Mask | undefined, size: number, order: Uint32Array | undefined): Selection {
  if (!mask) return order ?? countTo(size);
  if (room.length < size) room = new Uint32Array(Math.ceil(size * 1.25));
  return room.slice(0, order ? gatherOrdered(mask, order, room) : gatherKept(mask, room));
}

function gatherOrdered(mask: Mask, order: Uint32Array, into: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < order.length; i += 1) {
    const ordinal = order[i] ?? 0;
    if (mask[ordinal] === 0) continue;
    into[count] = ordinal;
    count += 1;
  }
  return count;
}

/** Looks at four rows at a time: most filters keep few. */
function gatherKept(mask: Mask, into: Uint32Array): number {
  const words = new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2);
  let count = 0;
  const take = (from: number, to: number) => {
    for (let ordinal = from; ordinal < to; ordinal += 1) {
      if (mask[ordinal] === 0) continue;
      into[count] = ordinal;
      count += 1;
    }
  };
  for (let word = 0; word < words.length; word += 1) if (words[word] !== 0) take(4 * word, 4 * word + 4);
  take(4 * words.length, mask.length);
  return count;
}
