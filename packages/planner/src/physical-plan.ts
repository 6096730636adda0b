import type {
  AccessPath,
  AggregateColumn,
  AsOfPoint,
  Expression,
  FacetScan,
  Field,
  GroupColumn,
  IndexScanPath,
  Json,
  RouteScanPath,
  Search,
  SortKey,
} from '@drops/ir';

/** What the rows of a plan are: drops, drops with a joined record, or flat columns (`open`: also those of a `*`). */
export type RowShape =
  | { readonly kind: 'drops' }
  | { readonly kind: 'joined'; readonly left: RowShape }
  | { readonly kind: 'flat'; readonly columns: readonly string[]; readonly open: boolean };

/**
 * The order rows have where a page is cut.
 * `natural`: entities by route and key, then events by tx; group rows by their values.
 * `versions`: the same with the tx of each version. `newest`: by tx, highest first.
 * `sorted`: sort keys, then created_at, key, tx; the keys read the row `depth` projections below.
 */
export type RowOrder =
  | { readonly kind: 'natural' | 'versions' | 'newest' }
  | { readonly kind: 'sorted'; readonly keys: readonly SortKey[]; readonly depth: number };

/** The values of a row in a `RowOrder`: what a cursor holds. */
export type Position = readonly Json[];

/** Reads drops along one access path of the store. */
export interface Access {
  readonly kind: 'Access';
  readonly path: AccessPath;
  readonly asOf?: AsOfPoint | undefined;
  /** Members of the payload that are read of the drops; missing: all. */
  readonly fields?: readonly string[] | undefined;
}
/** The drops that a search finds, best first; a filter looks at as many as it takes to leave enough. */
export interface SearchRows {
  readonly kind: 'SearchRows';
  readonly source: Search;
  readonly filter?: Expression | undefined;
}
/** Live drops of all routes that may be read whose universal fields meet every facet. */
export interface FacetRows {
  readonly kind: 'FacetRows';
  readonly source: FacetScan;
}
/** No rows, of a known shape. */
export interface Empty {
  readonly kind: 'Empty';
  readonly shape: RowShape;
}
export interface FilterRows {
  readonly kind: 'FilterRows';
  readonly input: PhysicalPlan;
  readonly predicate: Expression;
}
export interface ProjectRows {
  readonly kind: 'ProjectRows';
  readonly input: PhysicalPlan;
  readonly star: boolean;
  readonly items: readonly { readonly expression: Expression; readonly as: string }[];
}
/** Holds all its rows. */
export interface SortRows {
  readonly kind: 'SortRows';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}
/** The first `count` rows of a sort, holding no more than those. */
export interface TopRows {
  readonly kind: 'TopRows';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  readonly count: number;
}
export interface SliceRows {
  readonly kind: 'SliceRows';
  readonly input: PhysicalPlan;
  readonly offset: number;
  readonly limit?: number | undefined;
}
/** A slice that also tells whether there is a next page and where it starts. */
export interface PageRows {
  readonly kind: 'PageRows';
  readonly input: PhysicalPlan;
  readonly offset: number;
  readonly limit: number;
  readonly order: RowOrder;
}
/** Only rows strictly after a position. */
export interface ResumeRows {
  readonly kind: 'ResumeRows';
  readonly input: PhysicalPlan;
  readonly order: RowOrder;
  readonly position: Position;
}
export interface GroupRows {
  readonly kind: 'GroupRows';
  readonly input: PhysicalPlan;
  readonly by: readonly GroupColumn[] | null;
  readonly aggregates: readonly AggregateColumn[];
  /** The rows come group by group, in the order of the groups: one group is held at a time. */
  readonly streamed?: boolean | undefined;
}
/**
 * Counts out of the entries of an index, or of a route out of its statistics; no drop is read. Where those cannot tell,
 * for lists, long texts and a state that is past meanwhile, `input` gives the same rows.
 */
export interface CountRows {
  readonly kind: 'CountRows';
  readonly input: PhysicalPlan;
  readonly path: RouteScanPath | IndexScanPath;
  /** False: one row in all, even over nothing. */
  readonly grouped: boolean;
  /** Names of the fields counted by: those of the index after its equal ones. */
  readonly by: readonly string[];
  /** Names of the counts. */
  readonly counts: readonly string[];
}
export interface JoinPair {
  readonly left: Field;
  readonly right: Field;
}
/** One look-up of the right route per left row, by key. */
export interface LookupJoin {
  readonly kind: 'LookupJoin';
  readonly join: 'left' | 'inner';
  readonly left: PhysicalPlan;
  readonly route: string;
  readonly asOf?: AsOfPoint | undefined;
  /** The pair whose right side is the key. */
  readonly key: Field;
  /** The pairs that must hold besides. */
  readonly rest: readonly JoinPair[];
  /** Members of the right payload that are read; missing: all. */
  readonly fields?: readonly string[] | undefined;
}
/** One look-up of an index of the right route per left value; `right` is read when the index is not there any more. */
export interface IndexLookupJoin {
  readonly kind: 'IndexLookupJoin';
  readonly join: 'left' | 'inner';
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  /** All entries of the index: a look-up adds the value. */
  readonly path: IndexScanPath;
  readonly on: readonly JoinPair[];
  /** Which of `on` the index is over. */
  readonly pair: number;
}
/** Every pair of equal rows in the order of the left side, then of the right. */
export interface HashJoin {
  readonly kind: 'HashJoin';
  /**
   * `right` (default): holds the right side and streams the left. `left`: holds the left side and of the right only the
   * rows that match one.
   */
  readonly build?: 'left' | 'right' | undefined;
  readonly join: 'left' | 'inner';
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly on: readonly JoinPair[];
}

/** The live drops of a route that a predicate keeps. */
export interface ColumnRoute {
  readonly route: string;
  readonly rows: 'all' | 'entities';
  readonly predicate: Expression | undefined;
}
/** What is read by columns: drops, each perhaps with the entity of another route whose key one of its fields holds. */
export interface ColumnTable {
  readonly left: ColumnRoute;
  readonly joined?:
    | {
        readonly join: 'left' | 'inner';
        readonly key: Field;
        readonly right: ColumnRoute;
        /** Of the pairs. */
        readonly predicate: Expression | undefined;
      }
    | undefined;
}
interface ByColumns {
  readonly table: ColumnTable;
  /** The same rows read one by one: what runs where the store has no columns at hand. */
  readonly rows: PhysicalPlan;
}
/** The rows of a table in the order of its route; only those that are kept are fetched. */
export interface ColumnScan extends ByColumns {
  readonly kind: 'ColumnScan';
}
/** The first `count` rows of a table by sort keys. */
export interface ColumnTop extends ByColumns {
  readonly kind: 'ColumnTop';
  readonly keys: readonly SortKey[];
  readonly count: number;
}
/** Groups of the rows of a table; no row is fetched. */
export interface ColumnGroup extends ByColumns {
  readonly kind: 'ColumnGroup';
  readonly by: readonly GroupColumn[] | null;
  readonly aggregates: readonly AggregateColumn[];
}
/**
 * A part of a plan that a store which speaks SQL does by itself: all that is known of it is what it stands for. The SQL is made when it is
 * opened, of the values it has then; what the store does not say or run after all is done here.
 */
export interface RemoteRows {
  readonly kind: 'RemoteRows';
  readonly rows: PhysicalPlan;
  /** Top-level fields of the payload that are read of the drops; missing: all. */
  readonly fields?: readonly string[] | undefined;
}
export type ColumnPlan = ColumnScan | ColumnTop | ColumnGroup;

/** How a query is run: the tree of operators, each leaf naming its access path. */
export type PhysicalPlan =
  | Access
  | SearchRows
  | FacetRows
  | Empty
  | FilterRows
  | ProjectRows
  | SortRows
  | TopRows
  | SliceRows
  | PageRows
  | ResumeRows
  | GroupRows
  | CountRows
  | LookupJoin
  | IndexLookupJoin
  | HashJoin
  | ColumnPlan
  | RemoteRows;
