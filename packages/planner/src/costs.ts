/**
 * What work costs, in rows of a scan: reading the next drop of a route and decoding it is 1 (some 1.7 µs). The figures
 * are ratios that were measured on 100,000 rows; all choices go by them.
 */
export const costs = {
  /** The next drop of a scan. */
  scanRow: 1,
  /** A drop that is fetched by its place, through an index or by key. */
  fetchRow: 2.2,
  /** The same where half of all drops or more are fetched, in the order of the route. */
  fetchNear: 1.5,
  /** An entry of an index that is read. */
  entry: 0.2,
  /** An entry that is gathered and put in the order of the route, beside reading it. */
  orderedEntry: 0.25,
  /** An entry that is held, to be found by its row. */
  heldEntry: 0.55,
  /** An entry that is only counted. */
  countedEntry: 0.03,
  /** A look-up in an index, whatever it finds. */
  indexLookup: 6,
  /** A look-up by key, the fetch included. */
  keyLookup: 4,
  /** A row put into a hash table. */
  hashBuild: 0.5,
  /** A row looked up in a hash table. */
  hashProbe: 0.3,
  /** A row put into its group, which is looked up in a table of all groups. */
  groupedRow: 0.1,
  /** A group put into such a table. */
  newGroup: 1,
  /** A cell of a column. */
  cell: 0.01,
  /** One comparison of a sort. */
  compare: 0.06,
} as const;

/** More groups in one table would take the memory that one query has, where an index gives them one after the other. */
export const mostHeldGroups = 250_000;

/** Fetching some of the drops of a route in its order: the more there are, the nearer to each other they lie. */
export function fetchCost(fetched: number, rows: number): number {
  const nearness = Math.min(1, (2 * fetched) / Math.max(1, rows));
  return fetched * (costs.fetchRow - nearness * (costs.fetchRow - costs.fetchNear));
}

/** Sorting rows that are at hand. */
export function sortCost(rows: number): number {
  return rows < 2 ? 0 : rows * Math.log2(rows) * costs.compare;
}

/** Keeping the first of some rows: one comparison for most. */
export function topCost(rows: number, count: number): number {
  return rows * costs.compare + sortCost(Math.min(rows, count));
}
