import { fail } from '@drops/diagnostics';
import type { SearchRows } from '@drops/planner';
import { compilePredicate } from '../expressions/compile.js';
import { routeTest } from '../operators/access.js';
import type { Source } from '../operators/source.js';
import { searchRows } from '../operators/search-rows.js';
import type { Run } from '../run.js';
import { findHits, wantedOf } from './find-hits.js';

const all = (): boolean => true;

/** Opens a search over the routes that may be read. SEARCH_REQUIRED, INVALID_TEXT, INVALID_VECTOR at once. */
export function openSearch({ source, filter }: SearchRows, run: Run): Source {
  const { search, budget } = run;
  const { indexes } = search;
  if (!indexes) return fail('NOT_AVAILABLE', 'search is not part of this server', { span: source.span });
  const wanted = wantedOf(source, search.vector);
  const { limit, candidates } = source;
  const snapshot = run.at(source.asOf);
  const sources = {
    indexes,
    snapshot,
    past: snapshot !== run.at(undefined),
    visible: run.visible ? routeTest(run.visible) : all,
    read(drops: number) {
      budget.read(drops);
      return run.pacer.tick();
    },
  };
  return searchRows({
    snapshot,
    limit: typeof limit === 'number' ? limit : 0,
    candidates: typeof candidates === 'number' ? candidates : undefined,
    keep: filter ? compilePredicate(filter, run.expressions) : all,
    highlighted: source.highlight === true,
    find: (count) => findHits(sources, wanted, count),
    report(report) {
      search.report = report;
    },
  });
}
