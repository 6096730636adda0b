import { compareStrings, payloadValue, type Json, type StoredDrop } from '@drops/ir';
import { cellKind, type Column, type ColumnName, type RouteColumns, type Snapshot } from '@drops/store';

/** How many handles were taken, and how many of them given back. */
export interface HandleCount {
  taken: number;
  released: number;
}

function kindOf(value: Json | undefined): number {
  if (value === undefined) return cellKind.missing;
  if (value === null) return cellKind.null;
  if (typeof value === 'boolean') return value ? cellKind.true : cellKind.false;
  if (typeof value === 'number') return cellKind.number;
  return typeof value === 'string' ? cellKind.text : cellKind.other;
}

function cellOf(drop: StoredDrop, name: ColumnName): Json | undefined {
  if ('path' in name) return payloadValue(drop.payload, name.path);
  return name.system === 'key' ? drop.key : drop.created_at;
}

function columnOf(drops: readonly StoredDrop[], name: ColumnName): Column {
  const cells = drops.map((drop) => cellOf(drop, name));
  const kinds = Uint8Array.from(cells, kindOf);
  const dictionary = ['nobody has this'];
  const codes = cells.map((cell) => {
    if (typeof cell !== 'string') return 0;
    if (!dictionary.includes(cell)) dictionary.push(cell);
    return dictionary.indexOf(cell);
  });
  const numbers = cells.map((cell) => (typeof cell === 'number' ? cell : 0));
  return {
    kinds,
    uniform: kinds.length > 0 && kinds.every((kind) => kind === kinds[0]) ? kinds[0] : undefined,
    numbers: kinds.includes(cellKind.number) ? Float64Array.from(numbers) : undefined,
    whole: numbers.every((n) => Number.isInteger(n) && Math.abs(n) < 1e9),
    codes: kinds.includes(cellKind.text) ? Uint32Array.from(codes) : undefined,
    dictionary,
  };
}

const inOrder = (a: StoredDrop, b: StoredDrop): number => {
  if (a.key === null || b.key === null) return a.key === b.key ? a.tx - b.tx : a.key === null ? 1 : -1;
  return compareStrings(a.key, b.key);
};

/** Live drops as columns in the plainest way, shuffled by tx and with rows that are gone when `scattered`. */
export function columnsOfDrops(
  drops: readonly StoredDrop[],
  names: readonly ColumnName[],
  scattered: boolean,
): RouteColumns {
  const gone = scattered ? drops.filter((_, i) => i % 5 === 0) : [];
  const rows = scattered
    ? [...gone, ...drops].sort((a, b) => (a.tx % 7) - (b.tx % 7))
    : [...drops].sort(inOrder);
  // Of a row that is there twice the first is gone.
  const live = Uint8Array.from(rows, (drop, i) => (rows.lastIndexOf(drop) === i ? 1 : 0));
  const order = rows
    .map((drop, ordinal) => ({ drop, ordinal }))
    .filter(({ ordinal }) => live[ordinal] === 1)
    .sort((a, b) => inOrder(a.drop, b.drop))
    .map(({ ordinal }) => ordinal);
  return {
    size: rows.length,
    count: drops.length,
    live: live.includes(0) ? live : undefined,
    entities: rows.every(({ key }) => key !== null)
      ? undefined
      : Uint8Array.from(rows, ({ key }) => (key === null ? 0 : 1)),
    columns: names.map((name) => columnOf(rows, name)),
    order: () =>
      order.every((ordinal, i) => ordinal === i) && !live.includes(0) ? undefined : Uint32Array.from(order),
    ordinalOf(key) {
      const ordinal = rows.findIndex((drop, i) => drop.key === key && live[i] === 1);
      return ordinal < 0 ? undefined : ordinal;
    },
    drop(ordinal) {
      const drop = rows[ordinal];
      if (!drop) throw new Error(`no row ${ordinal}`);
      return drop;
    },
    release: () => undefined,
  };
}

function liveDrops(snapshot: Snapshot, route: string): readonly StoredDrop[] {
  const source = snapshot.run({ kind: 'RouteScan', route, subtree: false, rows: 'all' });
  const drops: StoredDrop[] = [];
  for (let batch = source?.next(); batch; batch = source?.next()) {
    if (batch instanceof Promise) throw new Error('a synchronous store was expected');
    drops.push(...batch);
  }
  return drops;
}

/** The snapshot with columns made of scans: what those of the store must answer alike. */
export function withPlainColumns(snapshot: Snapshot, handles: HandleCount, scattered = true): Snapshot {
  return Object.assign(Object.create(snapshot), {
    columns(route: string, names: readonly ColumnName[]): RouteColumns {
      handles.taken += 1;
      let held = true;
      return {
        ...columnsOfDrops(liveDrops(snapshot, route), names, scattered),
        release() {
          if (held) handles.released += 1;
          held = false;
        },
      };
    },
  });
}
