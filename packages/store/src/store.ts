import type { DropsError } from '@drops/diagnostics';
import type {
  AccessPath,
  FacetCondition,
  IndexOrigin,
  IndexScanPath,
  Json,
  JsonObject,
  Path,
  Pattern,
  RouteScanPath,
  StoredDrop,
} from '@drops/ir';
import type { ColumnName, ColumnUse, RouteColumns } from './columns.js';
import type { DerivedRows } from './derived-rows.js';
import type { RouteVectors } from './vectors.js';

/** Up to 1,024 drops at a time, also none; null at the end. LMDB answers at once, a remote store with a promise. */
export interface BatchSource {
  next(): readonly StoredDrop[] | null | Promise<readonly StoredDrop[] | null>;
  /** Frees what the source holds; safe to call twice and before the end. */
  close(): void;
}

/** What must hold for an operation to be done; else CONFLICT and nothing of its commit is written. */
export type Precondition =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'absent' }
  /** The row is still the one that was read. */
  | { readonly kind: 'tx'; readonly tx: number };

interface PutBase {
  readonly route: string;
  /** Life span in seconds from the commit. */
  readonly ttl?: number;
  readonly price?: number;
  readonly precondition?: Precondition;
}
/** A new version of an entity, or an event when `key` is null. A null payload with a key is a tombstone: use `delete`. */
export interface PutOperation extends PutBase {
  readonly kind: 'put';
  readonly key: string | null;
  readonly payload: Json;
  /** When it ends, in ms since the epoch: a life span that began elsewhere. Goes before `ttl`. */
  readonly expiresAt?: number;
}
/** Replaces top-level fields of a live entity, null removes one. 404 when there is none, TYPE_ERROR when its payload is no object. */
export interface MergeOperation extends PutBase {
  readonly kind: 'merge';
  readonly key: string;
  readonly changes: JsonObject;
}
/** Writes a tombstone; NOT_FOUND when nothing live is there. */
export interface DeleteOperation {
  readonly kind: 'delete';
  readonly route: string;
  readonly key: string;
  readonly precondition?: Precondition;
}
/** Hides an event from current reads by a tombstone; its history stays. Nothing happens when it is hidden already. */
export interface HideOperation {
  readonly kind: 'hide';
  readonly route: string;
  readonly tx: number;
}
/** Adds to a counter field; makes version 1 with payload {} where no live entity is. */
export interface IncrementOperation {
  readonly kind: 'increment';
  readonly route: string;
  readonly key: string;
  readonly path: readonly (string | number)[];
  readonly delta: number;
}
export type Operation = PutOperation | MergeOperation | DeleteOperation | HideOperation | IncrementOperation;

/** One atomic unit of writing: all operations or none, each seeing the ones before it. */
export interface CommitRequest {
  readonly operations: readonly Operation[];
  /** The key of the writer; only its public id is ever stored. null: the embedding program itself. */
  readonly writer: string | null;
  /** false: nobody looks at the results, so they may be missing. */
  readonly wantsResults?: boolean;
}

export type OperationResult =
  /** `payload` is what was stored, after a merge too. */
  | { readonly kind: 'put'; readonly drop: StoredDrop }
  | { readonly kind: 'delete'; readonly drop: StoredDrop }
  | { readonly kind: 'hide'; readonly removed: boolean }
  | { readonly kind: 'increment'; readonly value: number; readonly tx: number };

export interface CommitResult {
  /** The last tx of the commit. */
  readonly tx: number;
  readonly results: readonly OperationResult[];
}

/** Drops of one route that become visible together, however many they are: they are pulled while they are written. */
export interface LoadRequest {
  readonly operations: LoadSource;
  /** How many there are. */
  readonly count: number;
  readonly writer: string | null;
  /** Told of each operation that the store refuses. */
  readonly refused: (index: number, reason: DropsError) => void;
}
/** Begins anew with each call: a load that other writes overtook is done again. */
export type LoadSource = () => Iterable<PutOperation>;

export interface LoadResult {
  /** The last tx; the head when nothing was written. */
  readonly tx: number;
  /** 0 when any operation was refused: then nothing was written. */
  readonly written: number;
}

export interface RouteStatistics {
  readonly route: string;
  /** Live entities and visible events, expired ones possibly still counted. */
  readonly entities: number;
  readonly events: number;
}

/** Some rows of a route, spread over it. */
export interface RouteSample {
  /** Rows of the route, and the head, when it was made. */
  readonly rows: number;
  readonly tx: number;
  /** None where too few were found to tell anything. */
  readonly payloads: readonly Json[];
}

export interface Definitions {
  /** Rises with every change of a pattern, view or index. */
  readonly epoch: number;
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Name → the record of the view: { relation, version, owner }. */
  readonly views: ReadonlyMap<string, Json>;
}

/** An index as statements see it. */
export interface IndexInfo {
  /** What an index scan calls it by. */
  readonly id: number;
  readonly fields: readonly Path[];
  readonly created: IndexOrigin;
  /** Only what is ready is used in plans; `remote`: it is, in a database, which uses it by itself for what is pushed down. */
  readonly state: 'building' | 'ready' | 'remote';
  /** How often it was used, by all processes; what others did is up to a minute late. */
  readonly used: number;
  /** When it was last used, or first seen, in ms since the epoch. */
  readonly lastUsed: number;
  /** The room that it takes, where the database tells it. */
  readonly bytes?: number | undefined;
}

/** How many rows have these values. */
export interface RowCount {
  readonly values: readonly Json[];
  readonly count: number;
}

/** Counts in the order of their values, in turns of a few ms. */
export interface CountSource {
  /** Counts, of which the first may go on with the last values of the turn before; null at the end; undefined where the entries do not tell. */
  next(): readonly RowCount[] | null | undefined;
}

/** SELECT over a table `state` of `_key`, `_created_at`, `tx` and the payload, as JSON in `doc` and as text in `body`, with the values of its placeholders. */
export interface StateSelect {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
  /** An expression over a row that is the text of its payload, or of what of it is wanted; missing: all of it. */
  readonly payload?: string | undefined;
  /** The rows of the table `joined`, which is like `state`; missing: the SELECT reads none. */
  readonly joined?: RouteScanPath | undefined;
}

/** A drop with the one that is joined to it. */
export interface StoredPair {
  readonly left: StoredDrop;
  readonly right: StoredDrop | undefined;
}

/**
 * Reads of a snapshot by SQL: what it says of rows holds for this snapshot as for any other read. UNSUPPORTED, with the first
 * rows, for SQL that the database does not run after all.
 */
export interface SnapshotSql {
  /** True when SQL sees the drops of a route as they are: no counters, nothing that PostgreSQL's JSON cannot hold. */
  takes(route: string): boolean;
  /** Drops along a path that a SELECT of all columns keeps, in the order of the path. */
  rows(path: RouteScanPath, select: StateSelect, expected?: number): BatchSource;
  /** Drops of a path that a SELECT of all columns chooses by an order and a limit of its own, in any order. */
  chosen(path: RouteScanPath, select: StateSelect): Promise<readonly StoredDrop[]>;
  /** The pairs that a SELECT of all columns of `state` and then of `joined` chooses, in any order; a left one perhaps without a match. */
  pairs(path: RouteScanPath, select: StateSelect): Promise<readonly StoredPair[]>;
  /** The indexes that the database would use for a SELECT along a path: the route and field of each, as one knows it. */
  indexesFor(path: RouteScanPath, select: StateSelect): Promise<readonly string[]>;
  /** The rows of any other SELECT over the live drops along a path, their columns as lists. */
  select(path: RouteScanPath, select: StateSelect): Promise<readonly (readonly Json[])[]>;
}

/** A live entity, `deleted` when its newest version is a tombstone, else nothing. */
export type Found = StoredDrop | 'deleted' | undefined;

/** A drop as JSON text: its members in the order of `StoredDrop`, the payload as it is stored. */
export interface DropText {
  readonly key: string | null;
  readonly text: string;
}

/**
 * The state at one tx. What plans are made of is at hand; drops are read at once or, from a store on another machine,
 * with a promise. Reads of it never change, whatever is written meanwhile. */
export interface Snapshot {
  /** The last tx it contains. */
  readonly tx: number;
  /** The clock of the statement in ms: what has expired by then is not shown. */
  readonly now: number;
  readonly definitions: Definitions;
  /**
   * Drops along an access path, or undefined when this store does not take it. `expected`: how many are likely to be wanted;
   * `fields`: the members of payloads that will be looked at, so that others may be missing.
   */
  run(path: AccessPath, expected?: number, fields?: readonly string[]): BatchSource | undefined;
  /** What a store that speaks SQL can do of a query by itself. */
  readonly sql?: SnapshotSql;
  /** The live entity, its newest version being a tombstone, or nothing ever (or expired). The hot path of get. */
  get(route: string, key: string, fields?: readonly string[]): Found | Promise<Found>;
  /** The live entities of some keys in one look: where each look takes a way to another machine. */
  getMany?(route: string, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDrop>>;
  /** The live entity as the JSON text of its drop; undefined for none, and where the store cannot tell it without reading it. */
  getText?(route: string, key: string): string | undefined;
  /**
   * The first `limit` drops along a path of an index as JSON texts, in its order; undefined where the entries of the index do not tell
   * exactly, for texts of more than some megabytes, and for a state of the past.
   */
  texts?(path: IndexScanPath, limit: number): readonly DropText[] | undefined;
  /**
   * The same store as it was after `tx`; inside a commit of several operations: before that commit.
   * Expiry is judged at the time of that tx.
   */
  asOf(tx: number): Snapshot;
  /** The same store as it was at a time in ms since the epoch; the future means now, before everything it is empty. */
  asOfTime(time: number): Snapshot;
  statistics(route: string): RouteStatistics;
  /** The last sample of a route that this process has made. */
  sample(route: string): RouteSample | undefined;
  /** Has a sample of a route made beside other work, unless one is at hand that is not old. */
  askSample(route: string): void;
  /** The indexes of a route, the same list as long as they do not change; none for a state of the past. */
  indexes(route: string): readonly IndexInfo[];
  /** The same with their use and size as they are now, where a database has to be asked for those. */
  indexesNow?(route: string): Promise<readonly IndexInfo[]>;
  /**
   * How many rows a path has for each combination of the `by` fields that follow the equal ones, without reading any:
   * out of the entries of an index, or for a scan of a route out of its statistics. Entities named `except` are left out.
   */
  counts(path: RouteScanPath | IndexScanPath, by: number, except: readonly string[]): CountSource;
  /** How many entries an index scan has, counted up to a limit. */
  countEntries(path: IndexScanPath, limit: number): number;
  /**
   * The rows of a route as columns, made when they are first asked for; undefined where they cannot be had: for a
   * state of the past, when memory forbids, or while a reader of another state holds them.
   */
  columns?(route: string, names: readonly ColumnName[]): RouteColumns | undefined;
  /** The vectors of a route; undefined where they cannot be had: for a state of the past, or where the store keeps none. */
  vectors?(route: string): RouteVectors | undefined;
  /**
   * Live drops of the routes that may be read, in the order of routes, among them all that meet every condition and perhaps
   * some that do not; undefined where no index tells: for a state of the past, or where the store keeps none.
   */
  facets?(
    conditions: readonly FacetCondition[],
    mayRead: (route: string) => boolean,
  ): BatchSource | undefined;
  /** Hex: the link of the chain that a commit made which ended with this tx; undefined where none did. */
  linkAt?(tx: number): string | undefined;
  /**
   * True for routes of which this snapshot leaves single drops out or changes them: what is kept of all of their drops elsewhere,
   * such as words, tells more than it shows. Missing: there are none.
   */
  filtered?(route: string): boolean;
  /** Paths of all routes that ever held a drop, in code point order; with a prefix that route and those below. */
  routes(prefix?: string): readonly string[];
  /** From now on what is read through this snapshot is counted, in what this answers. */
  meter(): ReadCounts;
  release(): void;
}

/** Keys that were read or counted, and bytes of keys and values; of a value that lies elsewhere those of its row too. */
export interface ReadCounts {
  readonly keys: number;
  readonly bytes: number;
}

/** One record of the log as readers of the feed see it. */
export interface LogRecord {
  readonly tx: number;
  /** The last tx of its commit. */
  readonly lastTx: number;
  readonly kind: 'put' | 'delete' | 'hide' | 'counter' | 'expire';
  readonly route: string;
  readonly key: string | null;
  /** Of a hide or an expire without a key: the tx of the event that it is about. */
  readonly target?: number;
  readonly version: number;
  readonly time: number;
  /** When it ends, in ms since the epoch; missing: never. */
  readonly expiresAt?: number;
  readonly source: string | null;
  /** As written; of a counter `{ path, value }` with the value from then on, null when it was cleared. */
  readonly payload: Json;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly checked: number;
  readonly head: number;
  readonly link: string;
  /** One hash over all links: what inclusion proofs lead to. */
  readonly root: string;
  /** The first bad drop or commit, in words. */
  readonly problem?: string;
}

/** That a version is in the chain, for whoever knows the root; every byte of it counts. */
export interface InclusionProof {
  readonly kind: 'drops-proof';
  readonly format: 1;
  readonly route: string;
  readonly key: string;
  readonly tx: number;
  /** Hex. SHA-256(salt ‖ body) is the commitment in the record of the version. */
  readonly salt: string;
  /** The payload as it was written, JSON. */
  readonly body: string;
  /** Hex: the link before the one that covers the version. SHA-256(previous ‖ records) is that link. */
  readonly previous: string;
  /** Hex: the records that share the link. */
  readonly records: readonly string[];
  /** Place of the link among all links. */
  readonly index: number;
  readonly size: number;
  /** Hex: the hashes from the link to the root, lowest first. */
  readonly path: readonly string[];
  readonly root: string;
}

/** The room that a store takes. */
export interface StoreSpace {
  /** Pages of the file, of 4 kB. */
  readonly pages: number;
  /** Those of them that hold nothing and are used again, once no reader sees them. */
  readonly freePages: number;
  /** Ms since the oldest open read was first seen behind, of whichever process; 0: none is. What it sees cannot be used again. */
  readonly oldestReader: number;
}

export interface StoreAdmin {
  /** Proves that the newest version of an entity is in the chain. NOT_FOUND, DELETED. */
  prove(route: string, key: string): InclusionProof | Promise<InclusionProof>;
  /** Recomputes every commitment and link of the chain. */
  verify(): VerifyReport | Promise<VerifyReport>;
  /** Drops everything derived and makes it anew from the log. */
  rebuild(): Rebuilt | Promise<Rebuilt>;
  /** Writes a consistent copy of the truth to a file while writing goes on. */
  backup(file: string): Promise<{ readonly drops: number }>;
  /** Answers when no index is being built or dropped. */
  indexesSettled(): Promise<void>;
  /** Answers when no sample of a route is being made. */
  samplesSettled(): Promise<void>;
  /** What the columns in memory cost this process. */
  columnUse(): ColumnUse;
  /** Adds the uses of indexes by this process to those in the store, and reads those of others. Done each minute too. */
  shareIndexUses(): void;
  space(): StoreSpace | Promise<StoreSpace>;
}

/** What a rebuild read. */
export interface Rebuilt {
  readonly records: number;
}

export interface Store {
  /** The newest state: everything that was acknowledged before the call. A store on another machine has to ask. */
  snapshot(): Snapshot | Promise<Snapshot>;
  /** Answers when the commit is on disk. User's mistakes are thrown as DropsError with `details: [{ index }]` naming the operation. */
  commit(request: CommitRequest): Promise<CommitResult>;
  /**
   * Writes any number of drops in one transaction, all or none, in memory that does not grow with them; they share
   * created_at and count as one commit. Other writers wait meanwhile, and so does this process. UNSUPPORTED for routes of definitions.
   */
  load(request: LoadRequest): Promise<LoadResult>;
  /** Log records after a tx, oldest first, up to `limit`. Without the payloads of counters, which may then be null, they are read faster. */
  log(
    fromTx: number,
    limit: number,
    counters?: boolean,
  ): readonly LogRecord[] | Promise<readonly LogRecord[]>;
  /** Called after each commit with the new head; returns the way to stop. */
  onCommit(listener: (headTx: number) => void): () => void;
  /** Another process says that it has committed: listeners hear of it now, not at the next look in 50 ms. */
  lookForCommits(): void;
  /** Rows that a layer above derives from the log, by the name of that layer; missing where the store keeps none. */
  derived?(name: string): DerivedRows;
  readonly admin: StoreAdmin;
  close(): Promise<void>;
}

/** A snapshot of a store of this machine: nothing is waited for. */
export interface LocalSnapshot extends Snapshot {
  get(route: string, key: string, fields?: readonly string[]): Found;
  asOf(tx: number): LocalSnapshot;
  asOfTime(time: number): LocalSnapshot;
}

/** A store whose reads are done when they return. */
export interface LocalStore extends Store {
  snapshot(): LocalSnapshot;
  log(fromTx: number, limit: number, counters?: boolean): readonly LogRecord[];
  readonly admin: LocalAdmin;
}

export interface LocalAdmin extends StoreAdmin {
  prove(route: string, key: string): InclusionProof;
  verify(): VerifyReport;
  rebuild(): Rebuilt;
  space(): StoreSpace;
}

export interface OpenOptions {
  /** Folder of the data; made when missing. */
  readonly path: string;
  /** Clock in ms; tests inject one. */
  readonly clock?: () => number;
  /** `full` (default): acknowledged means on disk. `relaxed`: commits of the last milliseconds may be lost on power failure; the store stays whole. */
  readonly durability?: 'full' | 'relaxed';
  /** Bytes that columns may take in memory, 256 MiB without it; 0: none are made. */
  readonly columnMemory?: number;
  /**
   * Called after commits of this process, for the host to tell the others (`lookForCommits`). Such a hint may be lost.
   * With it every snapshot shows what others have acknowledged before; without, that may be some milliseconds late.
   */
  readonly announce?: () => void;
  /** Told what an operator should know, a line each: that another process keeps the file growing. */
  readonly warn?: (line: string) => void;
}
