/** Ordinals of rows in the order in which they are read. */
export type Selection = Uint32Array;

let counted = new Uint32Array(0);

/** 0 … size − 1. */
function countTo(size: number): Selection {
  if (counted.length < size) counted = Uint32Array.from({ length: Math.ceil(size * 1.25) }, (_, i) => i);
  return counted.subarray(0, size);
}

/** The rows a mask keeps, in an order of the live rows or by ordinal. Without a mask all are kept. */
export function selectRows(
  mask: Uint8Array | undefined,
  size: number,
  order: Uint32Array | undefined,
): Selection {
  if (!mask) return order ?? countTo(size);
  const selected = new Uint32Array(order?.length ?? size);
  let count = 0;
  if (order) {
    for (let i = 0; i < order.length; i += 1) {
      const ordinal = order[i] ?? 0;
      selected[count] = ordinal;
      count += mask[ordinal] ?? 0;
    }
  } else {
    for (let ordinal = 0; ordinal < size; ordinal += 1) {
      selected[count] = ordinal;
      count += mask[ordinal] ?? 0;
    }
  }
  return selected.subarray(0, count);
}
