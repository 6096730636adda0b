import { andOf, pathText, type Path } from '@drops/ir';
import { fieldsUnder, type PlanStatistics } from '../estimate.js';
import type { FilterRows, PhysicalPlan } from '../physical-plan.js';
import { inputsOf } from '../plan-tree.js';
import { selectivity } from '../statistics/selectivity.js';
import { indexTerms, matchIndex } from './index-terms.js';

/** An index that is not there and would answer a part of a query. */
export interface MissingIndex {
  readonly route: string;
  readonly fields: readonly Path[];
}

type Finding =
  | { readonly kind: 'missing'; readonly index: MissingIndex }
  | { readonly kind: 'reason'; readonly text: string };

/** Why a filter reads a whole route although an index could answer it. */
function findingOn({ input, predicate }: FilterRows, statistics: PlanStatistics): Finding | undefined {
  const terms = indexTerms(predicate);
  const wanted = terms.find((term) => term.kind === 'equal') ?? terms[0];
  if (input.kind !== 'Access' || input.path.kind !== 'RouteScan' || !wanted) return undefined;
  const { route, subtree } = input.path;
  if (input.asOf) return { kind: 'reason', text: 'no index is used: indexes know the current state only' };
  if (subtree) return { kind: 'reason', text: 'no index is used: an index belongs to one route' };
  const fitting = statistics.indexes?.(route).find(({ fields }) => matchIndex(fields, terms).used.length > 0);
  if (!fitting && statistics.remote?.isIndexed(route, wanted.path)) return undefined;
  if (!fitting) return { kind: 'missing', index: { route, fields: [wanted.path] } };
  const name = `${route}.${fitting.fields.map(pathText).join(', ')}`;
  const { used } = matchIndex(fitting.fields, terms);
  const share = selectivity(andOf(used, predicate.span), fieldsUnder(input, statistics));
  const read = statistics.field?.(route, wanted.path)
    ? `it would read ${Math.round(share * 100)} % of the rows`
    : 'a scan is cheaper';
  return { kind: 'reason', text: `the index on ${name} is not used: ${read}` };
}

/** Why a filter reads a whole route although an index could answer it, and which one would help. */
export function indexAdvice(plan: PhysicalPlan, statistics: PlanStatistics): string | undefined {
  if (plan.kind !== 'FilterRows' || !statistics.indexes) return undefined;
  const finding = findingOn(plan, statistics);
  if (finding?.kind !== 'missing') return finding?.text;
  const { route, fields } = finding.index;
  const name = fields.map(pathText).join(', ');
  return `no index on ${route}.${name}: define ${route} index ${name}`;
}

/** The indexes that would help a plan. */
export function missingIndexes(plan: PhysicalPlan, statistics: PlanStatistics): readonly MissingIndex[] {
  const finding = plan.kind === 'FilterRows' ? findingOn(plan, statistics) : undefined;
  const own = finding?.kind === 'missing' ? [finding.index] : [];
  return [...own, ...inputsOf(plan).flatMap((input) => missingIndexes(input, statistics))];
}
