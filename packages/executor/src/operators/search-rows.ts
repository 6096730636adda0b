import type { StoredDrop } from '@drops/ir';
import { highlight, type Hit } from '@drops/search';
import type { Found, Snapshot } from '@drops/store';
import { compareTies } from '../order.js';
import { batchSize, dropRow, type Batch, type Row } from '../row.js';
import type { FoundHits, SearchReport } from '../search/find-hits.js';
import type { Source } from './source.js';

export interface SearchRowsOptions {
  readonly snapshot: Snapshot;
  /** How many rows are wanted. */
  readonly limit: number;
  /** How many of the best are looked at before the filter; missing: as many as it takes. */
  readonly candidates: number | undefined;
  readonly keep: (row: Row) => boolean;
  /** Rows show where the words stand in them. */
  readonly highlighted: boolean;
  /** The best hits, so many of them. */
  readonly find: (count: number) => FoundHits | Promise<FoundHits>;
  /** Told what was searched, when it was. */
  readonly report: (report: SearchReport) => void;
}

/** How much further a filter looks when too few were left. */
const growth = 4;

/** The event of a tx: the first one of its route that is not before it. */
async function readEvent(snapshot: Snapshot, { route, tx }: Hit): Promise<StoredDrop | undefined> {
  const path = { kind: 'RouteScan', route, subtree: false, rows: 'all', after: { tx: tx - 1 } } as const;
  const source = snapshot.run(path, 1);
  try {
    const drops = await source?.next();
    return drops?.[0];
  } finally {
    source?.close();
  }
}

/** The drop of a hit, unless it has another version by now, or has ended. */
function dropOf(snapshot: Snapshot, hit: Hit): StoredDrop | undefined | Promise<StoredDrop | undefined> {
  const check = (found: Found): StoredDrop | undefined =>
    found && found !== 'deleted' && found.tx === hit.tx ? found : undefined;
  if (hit.key === null) return readEvent(snapshot, hit).then(check);
  const found = snapshot.get(hit.route, hit.key);
  return found instanceof Promise ? found.then(check) : check(found);
}

function withHighlights(row: Row, terms: ReadonlySet<string>): Row {
  const { drop } = row;
  return drop ? dropRow({ ...drop, highlights: highlight(drop.payload, terms) }) : row;
}

/** Scored drops of a search, best first; a filter looks at more of them until enough are left or all were seen. */
export function searchRows(options: SearchRowsOptions): Source {
  const { snapshot, limit, candidates, keep, highlighted, find, report } = options;
  let rows: readonly Row[] | undefined;
  let at = 0;

  /** The rows among some hits that are kept. */
  const keepRows = async (hits: readonly Hit[]): Promise<Row[]> => {
    const kept: Row[] = [];
    for (const hit of hits) {
      if (kept.length === limit) break;
      const found = dropOf(snapshot, hit);
      const drop = found instanceof Promise ? await found : found;
      const row = drop && dropRow({ ...drop, score: hit.score });
      if (row && keep(row)) kept.push(row);
    }
    return kept.sort((a, b) => (b.drop?.score ?? 0) - (a.drop?.score ?? 0) || compareTies(a, b));
  };

  const search = async (): Promise<readonly Row[]> => {
    let count = candidates ?? limit;
    for (;;) {
      const { hits, isAll, terms, report: found } = await find(count);
      const kept = await keepRows(hits);
      const isEnough = kept.length === limit || isAll || candidates !== undefined;
      if (isEnough) {
        report({ ...found, exhausted: isAll && kept.length < limit });
        return highlighted ? kept.map((row) => withHighlights(row, terms)) : kept;
      }
      count *= growth;
    }
  };

  const give = (): Batch | null => {
    const batch = rows?.slice(at, at + batchSize) ?? [];
    at += batchSize;
    return batch.length > 0 ? batch : null;
  };
  return {
    next() {
      if (rows) return give();
      return search().then((found) => {
        rows = found;
        return give();
      });
    },
    close: () => undefined,
  };
}
