import { invariant } from '@drops/diagnostics';
import { matchesFacet, readFacet, type FacetCondition, type FacetScan } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { pageOrder } from '../order.js';
import type { Run } from '../run.js';
import type { Row } from '../row.js';
import { readAccess, shownRows, type Visible } from './access.js';
import { filterRows } from './filter.js';
import { drain, emptySource, lateSource, type Source } from './source.js';

/** The conditions of a bound facet scan. TYPE_ERROR for values that a parameter brought. */
function conditionsOf({ facets }: FacetScan): readonly FacetCondition[] {
  return facets.map(({ name, predicate }) => {
    invariant(predicate.kind === 'Lit', 'a parameter in a bound plan');
    return readFacet(name, predicate.value, predicate.span);
  });
}

/** Looks at every drop of the routes that may be read; for states that no index tells of. */
function scanAll(snapshot: Snapshot, visible: Visible, run: Run, keep: (row: Row) => boolean): Source {
  const held = run.budget.holder('the facets');
  const readAll = async (): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for (const route of snapshot.routes().filter(visible)) {
      const path = { kind: 'RouteScan', route, subtree: false, rows: 'all' } as const;
      await drain(readAccess(snapshot, path, visible, undefined, run.budget), run.pacer, (batch) => {
        const kept = batch.filter(keep);
        held.addRows(kept);
        for (const row of kept) rows.push(row);
      });
    }
    const { positionOf, compare } = pageOrder({ kind: 'natural' }, run.expressions);
    return rows.sort((a, b) => compare(positionOf(a), positionOf(b)));
  };
  return lateSource(emptySource, readAll);
}

const all = (): boolean => true;

/** Live drops of all routes that may be read whose universal fields meet every facet, in the order of routes. */
export function facetRows(source: FacetScan, run: Run): Source {
  const conditions = conditionsOf(source);
  const keep = ({ drop }: Row): boolean =>
    drop !== null && conditions.every((condition) => matchesFacet(condition, drop.payload));
  const visible = run.visible ?? all;
  const snapshot = run.at(undefined);
  const indexed = snapshot.facets?.(conditions, visible);
  if (!indexed) return scanAll(snapshot, visible, run, keep);
  return filterRows(shownRows(indexed, visible, run.budget), run.pacer, keep);
}
