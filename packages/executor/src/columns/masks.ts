/** A byte a row: 1 where it is kept. */
export type Mask = Uint8Array;

/** Masks that were given back: making one for every query would keep the garbage collector busy. */
const pool: Uint8Array[] = [];
const maxPooled = 8;
/** Larger ones are left to the collector. */
const maxPooledBytes = 4 << 20;

function takeBytes(size: number): Mask {
  const at = pool.findIndex((bytes) => bytes.length >= size);
  const [bytes] = at < 0 ? [] : pool.splice(at, 1);
  return (bytes ?? new Uint8Array(size + (size >> 2))).subarray(0, size);
}

/** A mask that keeps all rows. */
export function fullMask(size: number): Mask {
  return takeBytes(size).fill(1);
}

/** A mask that keeps none. */
export function emptyMask(size: number): Mask {
  return takeBytes(size).fill(0);
}

export function copyMask(mask: Mask): Mask {
  const copy = takeBytes(mask.length);
  copy.set(mask);
  return copy;
}

/** Gives back a mask that nobody looks at any more. */
export function giveMask(mask: Mask): void {
  if (pool.length < maxPooled && mask.buffer.byteLength <= maxPooledBytes)
    pool.push(new Uint8Array(mask.buffer));
}
