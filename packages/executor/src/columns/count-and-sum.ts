import type { Selection } from './selection.js';

/** Counts and sums of the rows of each group. */
export interface Totals {
  readonly counts: Uint32Array;
  /** The first row of each group, whose values are those of the group. */
  readonly first: Uint32Array;
  /** Of each column by group, added in the order of the rows. */
  readonly sums: readonly Float64Array[];
}

type Loop = (
  selection: Selection,
  ids: Uint32Array,
  counts: Uint32Array,
  first: Uint32Array,
  columns: readonly Float64Array[],
  sums: readonly Float64Array[],
) => void;

const loops = new Map<number, Loop>();

/**
 * The loop over so many columns, as text: all of them in one pass read the selection and the groups once, and with the arrays in
 * variables of their own the engine makes of it what one would write by hand.
 */
function loopOver(columns: number): Loop {
  const known = loops.get(columns);
  if (known) return known;
  const places = Array.from({ length: columns }, (_, i) => i);
  const arrays = places.map((i) => `const c${i} = columns[${i}], s${i} = sums[${i}];`).join(' ');
  const add = places.map((i) => `s${i}[id] += c${i}[row];`).join(' ');
  const make = new Function(
    'selection, ids, counts, first, columns, sums',
    `${arrays}
    for (let i = 0; i < selection.length; i += 1) {
      const row = selection[i], id = ids[row];
      if (counts[id] === 0) first[id] = row;
      counts[id] += 1;
      ${add}
    }`,
  );
  const loop: Loop = (...parts) => {
    make(...parts);
  };
  loops.set(columns, loop);
  return loop;
}

/** Counts the rows of each group and adds up some columns of nothing but numbers. */
export function countAndSum(
  selection: Selection,
  ids: Uint32Array,
  size: number,
  columns: readonly Float64Array[],
): Totals {
  const counts = new Uint32Array(size);
  const first = new Uint32Array(size);
  const sums = columns.map(() => new Float64Array(size));
  loopOver(columns.length)(selection, ids, counts, first, columns, sums);
  return { counts, first, sums };
}
