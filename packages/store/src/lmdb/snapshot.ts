import {
  definitionRoutes,
  type AccessPath,
  type FacetCondition,
  type IndexScanPath,
  type RouteScanPath,
  type StoredDrop,
} from '@drops/ir';
import { readDefinitions } from '../definitions.js';
import { entityText, textsOf } from './drop-texts.js';
import type {
  BatchSource,
  CountSource,
  Definitions,
  DropText,
  Found,
  IndexInfo,
  LocalSnapshot,
  ReadCounts,
  RouteSample,
  RouteStatistics,
} from '../store.js';
import type { ColumnName, RouteColumns } from '../columns.js';
import { openPath, openRuns } from './access-paths.js';
import { entityRange, txOfRow, u48 } from './rows/binary-keys.js';
import type { ColumnCache } from './columns/column-cache.js';
import type { DefinitionsCache } from './definitions.js';
import type { Environment } from './environment.js';
import { countingReader, readerOf, type Reader, type Reads } from './reader.js';
import type { IndexRegistry, RegisteredIndex } from './indexes/index-registry.js';
import { countEntries, indexCounts } from './indexes/index-counts.js';
import { lastTxBefore, timeAt, wholeCommit } from './log-search.js';
import type { Pin, Pins } from './upkeep/pins.js';
import { getEntity, withParsers, type View } from './rows/read-drop.js';
import type { Routes } from './rows/routes.js';
import { entityRun } from './rows/runs.js';
import { routeCount } from './statistics/route-count.js';
import type { RouteSamples } from './statistics/route-samples.js';
import { readStatistics } from './statistics/statistics.js';
import type { RouteVectors } from '../vectors.js';
import { facetRun } from './facets/facet-run.js';
import { routeVectors } from './vectors/route-vectors.js';

export interface SnapshotParts {
  readonly environment: Environment;
  readonly routes: Routes;
  readonly definitions: DefinitionsCache;
  readonly indexes: IndexRegistry;
  readonly pins: Pins;
  readonly columns: ColumnCache;
  readonly samples: RouteSamples;
  readonly clock: () => number;
}

/** The live entities of a route in a view, all of them. */
export function* entitiesOf(view: View, path: string): Iterable<StoredDrop> {
  const route = view.routes.find(view.reader, path);
  if (!route) return;
  const run = entityRun(route, undefined);
  for (let ended = false; !ended;) {
    const drops: StoredDrop[] = [];
    ended = run.fill(view, drops, { rows: 1024, bytes: 4 << 20 });
    yield* drops;
  }
}

/** The last tx up to the view's that wrote to a definition route. */
function pastEpoch({ environment, routes, reader, tx }: View): number {
  let epoch = 0;
  for (const path of Object.values(definitionRoutes)) {
    const route = routes.find(reader, path);
    if (!route) continue;
    const [start, end] = entityRange(route.id);
    for (const row of reader.keys(environment.history, { start, end })) {
      const written = txOfRow(row);
      if (written <= tx) epoch = Math.max(epoch, written);
    }
  }
  return epoch;
}

const noIndexes: readonly IndexInfo[] = [];
const infos = new WeakMap<readonly RegisteredIndex[], readonly IndexInfo[]>();

/** Registered indexes as statements see them: the same list as long as nothing changes but how often they are used. */
function infosOf(kept: readonly RegisteredIndex[], { uses }: IndexRegistry): readonly IndexInfo[] {
  const known = infos.get(kept);
  if (known) return known;
  const made = kept.map(({ id, fields, created, state }): IndexInfo => ({
    id,
    fields,
    created,
    state: state === 'ready' ? 'ready' : 'building',
    get used() {
      return uses.of(id).count;
    },
    get lastUsed() {
      return uses.of(id).last;
    },
  }));
  infos.set(kept, made);
  return made;
}

/** A snapshot is made for every statement, a get included: a class makes one object of it instead of a dozen closures. */
class StoreSnapshot implements LocalSnapshot {
  readonly tx: number;
  readonly now: number;
  /** undefined: released, or of the past from the beginning. */
  private pin: Pin | undefined;
  private current: View;
  private readonly parts: SnapshotParts;
  private held: Definitions | undefined;
  private reads: Reads | undefined;
  private part: { readonly fields: readonly string[]; readonly whole: View; readonly view: View } | undefined;

  constructor(parts: SnapshotParts, view: View, pin: Pin | undefined) {
    this.parts = parts;
    this.current = view;
    this.pin = pin;
    this.tx = view.tx;
    this.now = view.now;
  }

  /** What reads see: the pinned state, or once that was let go the history, which shows the same. */
  private view(): View {
    if (!this.current.past && this.pin?.held !== true) {
      this.current = { ...this.current, reader: this.counted(readerOf()), past: true };
    }
    return this.current;
  }

  get definitions(): Definitions {
    this.held ??= this.define();
    return this.held;
  }

  private define(): Definitions {
    const view = this.view();
    if (this.pin && !view.past) return this.parts.definitions.at(view.reader, this.pin.head.epoch, this.now);
    return readDefinitions(pastEpoch(view), (route) => entitiesOf(view, route));
  }

  run(path: AccessPath, expected?: number, fields?: readonly string[]): BatchSource | undefined {
    return openPath(() => this.view(), path, expected, fields);
  }

  get(route: string, key: string, fields?: readonly string[]): Found {
    return getEntity(this.reading(fields), route, key);
  }

  /** The view of who looks at some members of payloads: a join asks for its records one by one. */
  private reading(fields: readonly string[] | undefined): View {
    const view = this.view();
    if (!fields) return view;
    if (this.part?.fields !== fields || this.part.whole !== view) {
      this.part = { fields, whole: view, view: withParsers(view, view.routes.parsers(fields)) };
    }
    return this.part.view;
  }

  getText(route: string, key: string): string | undefined {
    return entityText(this.view(), route, key);
  }

  texts(path: IndexScanPath, limit: number): readonly DropText[] | undefined {
    return textsOf(this.view(), path, limit);
  }

  private counted(reader: Reader): Reader {
    return this.reads ? countingReader(reader, this.reads) : reader;
  }

  meter(): ReadCounts {
    return this.reads ?? this.countInto({ keys: 0, bytes: 0 });
  }

  private countInto(reads: Reads): ReadCounts {
    const { current } = this;
    this.reads = reads;
    this.current = { ...current, reader: this.counted(current.reader) };
    return reads;
  }

  private at(tx: number, time: number | undefined): LocalSnapshot {
    const past = pastSnapshot(this.parts, Math.min(tx, this.tx), time);
    if (this.reads) past.countInto(this.reads);
    return past;
  }

  asOf(tx: number): LocalSnapshot {
    return this.at(tx, undefined);
  }

  asOfTime(time: number): LocalSnapshot {
    const tx = lastTxBefore(this.parts.environment, this.view().reader, this.tx, time);
    return this.at(tx, Math.min(time, this.now));
  }

  statistics(route: string): RouteStatistics {
    const { reader } = this.view();
    const found = this.parts.routes.find(reader, route);
    const counts = found
      ? readStatistics(this.parts.environment, reader, found.id)
      : { entities: 0, events: 0 };
    return { route, ...counts };
  }

  sample(route: string): RouteSample | undefined {
    return this.parts.samples.of(route);
  }

  askSample(route: string): void {
    const { past, tx } = this.view();
    if (past) return;
    const { entities, events } = this.statistics(route);
    this.parts.samples.ask(route, entities + events, tx);
  }

  indexes(route: string): readonly IndexInfo[] {
    const { past, reader } = this.view();
    if (past) return noIndexes;
    const { indexes } = this.parts;
    const kept = indexes.kept(reader).get(route);
    return kept ? infosOf(kept, indexes) : noIndexes;
  }

  counts(path: RouteScanPath | IndexScanPath, by: number, except: readonly string[]): CountSource {
    const view = () => this.view();
    return path.kind === 'IndexScan' ? indexCounts(view, path, by, except) : routeCount(view, path, except);
  }

  countEntries(path: IndexScanPath, limit: number): number {
    return countEntries(this.view(), path, limit);
  }

  columns(route: string, names: readonly ColumnName[]): RouteColumns | undefined {
    return this.parts.columns.open(() => this.view(), route, names);
  }

  vectors(route: string): RouteVectors | undefined {
    return routeVectors(this.view(), route);
  }

  facets(
    conditions: readonly FacetCondition[],
    mayRead: (route: string) => boolean,
  ): BatchSource | undefined {
    const view = this.view();
    return view.past ? undefined : openRuns(() => this.view(), [facetRun(view, conditions, mayRead)]);
  }

  linkAt(tx: number): string | undefined {
    const link = tx <= this.tx ? this.view().reader.get(this.parts.environment.chain, u48(tx)) : undefined;
    return link?.toString('hex');
  }

  routes(prefix?: string): readonly string[] {
    const list = this.parts.routes.list(this.view().reader, prefix);
    return list.filter((route) => route.firstTx <= this.tx).map((route) => route.path);
  }

  release(): void {
    const { pin } = this;
    this.pin = undefined;
    if (pin) this.parts.pins.give(pin);
  }
}

/** The past needs no transaction held: what was written up to a tx never changes. */
function pastSnapshot(parts: SnapshotParts, at: number, time: number | undefined): StoreSnapshot {
  const { environment, routes, indexes } = parts;
  const reader = readerOf();
  const tx = wholeCommit(environment, reader, Math.max(0, Math.floor(at)));
  const now = time ?? timeAt(environment, reader, tx);
  return new StoreSnapshot(
    parts,
    { environment, routes, indexes, reader, tx, now, past: true, parsers: undefined },
    undefined,
  );
}

/** The newest state. */
export function openSnapshot(parts: SnapshotParts): LocalSnapshot {
  const { environment, routes, indexes, clock, pins } = parts;
  const pin = pins.take();
  const now = Math.max(clock(), pin.head.time);
  return new StoreSnapshot(
    parts,
    {
      environment,
      routes,
      indexes,
      reader: pin.reader,
      tx: pin.head.tx,
      now,
      past: false,
      parsers: undefined,
    },
    pin,
  );
}
