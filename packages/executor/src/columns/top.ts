import { compareForSort, compareStrings, type Json, type SortKey } from '@drops/ir';
import type { Frame } from './frame.js';
import { createdAt } from './group.js';
import type { Selection } from './selection.js';
import { onlyCodes, onlyNumbers } from './vector.js';

/** Order of two rows by their places in a selection. */
type Compare = (a: number, b: number) => number;

function compareKey(frame: Frame, { expression, descending }: SortKey, selection: Selection): Compare {
  const sign = descending ? -1 : 1;
  const column = expression.kind === 'Field' ? frame.vector(expression).column : undefined;
  const numbers = column && onlyNumbers(column);
  if (numbers) {
    return (a, b) => {
      const x = numbers[selection[a] ?? 0] ?? 0;
      const y = numbers[selection[b] ?? 0] ?? 0;
      return x === y ? 0 : x < y ? -sign : sign;
    };
  }
  const codes = column && onlyCodes(column);
  if (codes) {
    const { dictionary } = column;
    return (a, b) => {
      const x = codes[selection[a] ?? 0] ?? 0;
      const y = codes[selection[b] ?? 0] ?? 0;
      return x === y ? 0 : sign * compareStrings(dictionary[x] ?? '', dictionary[y] ?? '');
    };
  }
  const read = frame.reader(expression);
  const values: (Json | undefined)[] = [];
  for (const ordinal of selection) values.push(read(ordinal));
  return (a, b) => compareForSort(values[a], values[b], descending);
}

/** Sort keys, then created_at, then the order of the route, which is that of key and tx. */
function compareRows(frame: Frame, keys: readonly SortKey[], selection: Selection): Compare {
  const compares = [...keys, { expression: createdAt, descending: false }].map((key) =>
    compareKey(frame, key, selection),
  );
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return a - b;
  };
}

/** The ordinals of the first `count` rows of a frame by sort keys. */
export function topOrdinals(frame: Frame, keys: readonly SortKey[], count: number): Selection {
  const selection = frame.select(true);
  const compare = compareRows(frame, keys, selection);
  const [first] = keys;
  const column = first?.expression.kind === 'Field' ? frame.vector(first.expression).column : undefined;
  const numbers = column && onlyNumbers(column);
  const room = Math.max(2 * count, count + 256);
  let places: number[] = [];
  /** What a number must not be beyond to be among the best; nothing is beyond NaN. */
  let bound = NaN;
  let worst = -1;
  const cut = () => {
    places = places.sort(compare).slice(0, count);
    if (places.length < count || count === 0) return;
    worst = places[count - 1] ?? -1;
    if (numbers) bound = numbers[selection[worst] ?? 0] ?? NaN;
  };
  const descending = first?.descending ?? false;
  for (let i = 0; i < selection.length; i += 1) {
    if (numbers) {
      const value = numbers[selection[i] ?? 0] ?? 0;
      if (descending ? value < bound : value > bound) continue;
    }
    if (worst >= 0 && compare(i, worst) > 0) continue;
    places.push(i);
    if (places.length >= room) cut();
  }
  cut();
  return Uint32Array.from(places, (place) => selection[place] ?? 0);
}
