import { callerId, isAdministrator, isConfidential, type AccessRecords, type Identity } from '@drops/access';
import { definitionRoutes, readIndexDefinition, type Effect, type StoredDrop } from '@drops/ir';
import type { BatchSource, ColumnName, CountSource, Found, Snapshot } from '@drops/store';

/** Rules over the single drops of some routes, for one caller. */
export interface RowRules {
  /** True for routes whose drops are not shown to everybody who may read the route. */
  rules(route: string): boolean;
  /** What the caller sees of a drop of such a route; null: nothing. */
  show(drop: StoredDrop): StoredDrop | null;
}

/** Routes whose records are about other routes. */
const aboutOthers: ReadonlySet<string> = new Set([definitionRoutes.patterns, definitionRoutes.indexes]);

/** True for routes whose records are about other routes. */
export const isAboutOthers = (route: string): boolean => aboutOthers.has(route);

/** The route that a definition is about. */
function aboutOf({ route, key, payload }: StoredDrop): string | null {
  return route === definitionRoutes.indexes ? (readIndexDefinition(payload)?.route ?? null) : key;
}

/**
 * The rules for a caller: definitions of routes that may not be read are not shown, of priced drops only the writer
 * sees more than their price, and of confidential ones only the writer sees anything. Undefined where a statement with these effects meets none. `mayQuery` is asked while drops are read,
 * when no record can be fetched any more.
 */
export function rowRulesFor(
  identity: Identity,
  effects: readonly Effect[],
  records: AccessRecords,
  mayQuery: (route: string) => boolean,
): RowRules | undefined {
  if (isAdministrator(identity)) return undefined;
  const rules = (route: string): boolean =>
    isAboutOthers(route) || isConfidential(route) || records.priced(route);
  const meets = effects.some(({ route, subtree, writes }) => {
    if (writes) return false;
    return route !== null && !subtree ? rules(route) : records.routes(route ?? undefined).some(rules);
  });
  if (!meets) return undefined;
  const caller = callerId(identity);
  // A hit tells that its words are in the payload: what may not be read is not found by them.
  const searches = effects.some(({ action }) => action === 'search');
  return {
    rules,
    show(drop) {
      if (isAboutOthers(drop.route)) {
        const about = aboutOf(drop);
        return about === null || mayQuery(about) ? drop : null;
      }
      if (isConfidential(drop.route)) return drop.source !== null && drop.source === caller ? drop : null;
      if (drop.price === undefined || drop.price === 0) return drop;
      // What nobody in particular has written has nobody to be paid.
      if (drop.source === null || drop.source === caller) return drop;
      return searches ? null : { ...drop, payload: {}, gated: true };
    },
  };
}

/** No count can be told without looking at the drops. */
const noCounts: CountSource = { next: () => undefined };

/** The order of an index would tell of values that are not shown. */
const noIndexes: ReturnType<Snapshot['indexes']> = [];

function shownBatches(source: BatchSource, { rules, show }: RowRules): BatchSource {
  const shown = (drops: readonly StoredDrop[] | null) =>
    drops && drops.flatMap((drop) => (rules(drop.route) ? (show(drop) ?? []) : [drop]));
  return {
    next() {
      const batch = source.next();
      return batch instanceof Promise ? batch.then(shown) : shown(batch);
    },
    close: () => source.close(),
  };
}

/** A snapshot as a caller sees it: drops pass the rules before anything else looks at them, so nothing can filter, group or count by what they hide. */
export function ruledSnapshot(snapshot: Snapshot, ruled: RowRules): Snapshot {
  const shown = (found: Found): Found => {
    if (typeof found !== 'object' || !ruled.rules(found.route)) return found;
    return ruled.show(found) ?? undefined;
  };
  const { getMany, indexesNow } = snapshot;
  return {
    tx: snapshot.tx,
    now: snapshot.now,
    get definitions() {
      return snapshot.definitions;
    },
    run(path, expected) {
      const source = snapshot.run(path, expected);
      return source && shownBatches(source, ruled);
    },
    get(route, key, fields) {
      // Rules may look at what the statement does not.
      const found = snapshot.get(route, key, ruled.rules(route) ? undefined : fields);
      return found instanceof Promise ? found.then(shown) : shown(found);
    },
    ...(getMany && {
      async getMany(route: string, keys: readonly string[]) {
        const found = await getMany.call(snapshot, route, keys);
        const seen = [...found].flatMap(([key, drop]): [string, StoredDrop][] => {
          const one = shown(drop);
          return typeof one === 'object' ? [[key, one]] : [];
        });
        return new Map(seen);
      },
    }),
    asOf: (tx) => ruledSnapshot(snapshot.asOf(tx), ruled),
    asOfTime: (time) => ruledSnapshot(snapshot.asOfTime(time), ruled),
    statistics: (route) => snapshot.statistics(route),
    sample: (route) => snapshot.sample(route),
    askSample: (route) => snapshot.askSample(route),
    indexes: (route) => (ruled.rules(route) ? noIndexes : snapshot.indexes(route)),
    ...(indexesNow && {
      indexesNow: async (route: string) =>
        ruled.rules(route) ? noIndexes : indexesNow.call(snapshot, route),
    }),
    counts: (path, by, except) => (ruled.rules(path.route) ? noCounts : snapshot.counts(path, by, except)),
    countEntries: (path, limit) => snapshot.countEntries(path, limit),
    ...(snapshot.columns && {
      columns: (route: string, names: readonly ColumnName[]) =>
        ruled.rules(route) ? undefined : snapshot.columns?.(route, names),
    }),
    ...(snapshot.vectors && {
      vectors: (route: string) => (ruled.rules(route) ? undefined : snapshot.vectors?.(route)),
    }),
    filtered: ruled.rules,
    ...(snapshot.linkAt && { linkAt: (tx: number) => snapshot.linkAt?.(tx) }),
    routes: (prefix) => snapshot.routes(prefix),
    meter: () => snapshot.meter(),
    release: () => snapshot.release(),
  };
}
