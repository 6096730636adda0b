import { accessKey } from '@drops/ir';
import { assertNever } from '@drops/diagnostics';
import { bindPath } from '@drops/planner';
import type {
  CountRows,
  GroupRows,
  HashJoin,
  IndexLookupJoin,
  JoinPair,
  LookupJoin,
  PageRows,
  PhysicalPlan,
  SliceRows,
} from '@drops/planner';
import { openColumns } from './columns/open-columns.js';
import { openSearch } from './search/open-search.js';
import { compileExpression, compilePredicate } from './expressions/compile.js';
import { readField, readRecord } from './expressions/read-field.js';
import { readAccess } from './operators/access.js';
import { countRows } from './operators/count-rows.js';
import { facetRows } from './operators/facet-rows.js';
import { filterRows } from './operators/filter.js';
import { groupRows, streamGroups } from './operators/group.js';
import { hashJoin, type JoinKey } from './operators/hash-join.js';
import { indexLookupJoin, indexMatches } from './operators/index-lookup-join.js';
import { lookupJoin } from './operators/lookup-join.js';
import { freshMeter, meteredSource } from './operators/metered.js';
import { pageRows } from './operators/page.js';
import { projectRows } from './operators/project.js';
import { resumeRows } from './operators/resume.js';
import { sliceRows } from './operators/slice.js';
import { sortRows } from './operators/sort.js';
import { emptySource, type Source } from './operators/source.js';
import { topRows } from './operators/top.js';
import { pageOrder, sortOrder } from './order.js';
import { openRemote } from './remote/open-remote.js';
import type { Run } from './run.js';

/** Opens the operators of a plan, leaves first. Nothing is read before the first pull. `expected`: rows that are likely to be wanted. */
export function openPlan(plan: PhysicalPlan, run: Run, expected?: number): Source {
  const source = openNode(plan, run, expected);
  if (!run.meters) return source;
  const meter = freshMeter();
  run.meters.set(plan, meter);
  return meteredSource(source, meter, run.at(undefined).meter());
}

function openNode(plan: PhysicalPlan, run: Run, expected: number | undefined): Source {
  const { pacer, expressions, budget } = run;
  const open = (input: PhysicalPlan, wanted?: number) => openPlan(input, run, wanted);
  switch (plan.kind) {
    case 'Access': {
      const { values } = expressions;
      const path = values ? bindPath(plan.path, values) : plan.path;
      return readAccess(run.at(plan.asOf), path, run.visible, expected, budget, plan.fields);
    }
    case 'SearchRows':
      return openSearch(plan, run);
    case 'FacetRows':
      return facetRows(plan.source, run);
    case 'Empty':
      return emptySource;
    case 'FilterRows':
      return filterRows(open(plan.input, expected), pacer, compilePredicate(plan.predicate, expressions));
    case 'ProjectRows': {
      const columns = plan.items.map((item) => ({
        as: item.as,
        value: compileExpression(item.expression, expressions),
      }));
      return projectRows(open(plan.input, expected), pacer, plan.star, columns);
    }
    case 'SortRows':
      return sortRows(open(plan.input), pacer, sortOrder(plan.keys, expressions), budget.holder('the sort'));
    case 'TopRows':
      return topRows(
        open(plan.input),
        pacer,
        sortOrder(plan.keys, expressions),
        plan.count,
        budget.holder('the sort'),
      );
    case 'SliceRows':
      return sliceRows(open(plan.input, rowsUpTo(plan)), plan.offset, plan.limit);
    case 'PageRows':
      // A page reads one row further.
      return pageRows(open(plan.input, rowsUpTo(plan, 1)), plan.offset, plan.limit, run.page);
    case 'ResumeRows':
      return resumeRows(open(plan.input, expected), pacer, pageOrder(plan.order, expressions), plan.position);
    case 'GroupRows':
      return openGroupRows(plan, run);
    case 'RemoteRows':
      return openRemote(plan, open, run, expected);
    case 'LookupJoin':
      return openLookupJoin(plan, run, expected);
    case 'CountRows':
      return openCount(plan, run);
    case 'IndexLookupJoin':
      return openIndexLookupJoin(plan, run, expected);
    case 'HashJoin':
      return openHashJoin(plan, run);
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
      return openColumns(plan, run, () => open(plan.rows, expected));
    default:
      return assertNever(plan);
  }
}

/** The rows that a slice reads. */
function rowsUpTo({ offset, limit }: SliceRows | PageRows, further = 0): number | undefined {
  return limit === undefined ? undefined : offset + limit + further;
}

function openGroupRows(plan: GroupRows, run: Run): Source {
  const compile = (e: Parameters<typeof compileExpression>[0]) => compileExpression(e, run.expressions);
  const input = openPlan(plan.input, run);
  const by = plan.by && plan.by.map((column) => ({ as: column.as, value: compile(column.expression) }));
  const aggregates = plan.aggregates.map((a) => ({
    as: a.as,
    fn: a.fn,
    value: a.argument && compile(a.argument),
  }));
  const held = run.budget.holder('the grouping');
  return by && plan.streamed
    ? streamGroups(input, run.pacer, by, aggregates, held)
    : groupRows(input, run.pacer, by, aggregates, held);
}

function joinKeys(pairs: readonly JoinPair[]): readonly JoinKey[] {
  return pairs.map((pair) => ({ left: readField(pair.left), right: readRecord(pair.right) }));
}

function openLookupJoin(plan: LookupJoin, run: Run, expected: number | undefined): Source {
  return lookupJoin(openPlan(plan.left, run, expected), run.pacer, run.at(plan.asOf), {
    join: plan.join,
    route: plan.route,
    readable: run.visible?.(plan.route) ?? true,
    key: readField(plan.key),
    rest: joinKeys(plan.rest),
    fields: plan.fields,
    held: run.budget.holder('the join'),
  });
}

function openHashJoin(plan: HashJoin, run: Run): Source {
  return hashJoin(openPlan(plan.left, run), openPlan(plan.right, run), run.pacer, joinKeys(plan.on), {
    join: plan.join,
    build: plan.build ?? 'right',
    held: run.budget.holder('the join'),
  });
}

function openIndexLookupJoin(plan: IndexLookupJoin, run: Run, expected: number | undefined): Source {
  const fields = plan.right.kind === 'Access' ? plan.right.fields : undefined;
  return indexLookupJoin(openPlan(plan.left, run, expected), run.pacer, joinKeys(plan.on), {
    join: plan.join,
    pair: plan.pair,
    matches: indexMatches(run.at(undefined), plan.path, run.visible, run.budget, fields),
    held: run.budget.holder('the join'),
    openRight: () => openPlan(plan.right, run),
  });
}

function openCount(plan: CountRows, run: Run): Source {
  const readable = run.visible?.(plan.path.route) ?? true;
  const counts = readable ? run.at(undefined).counts(plan.path, plan.by.length, [accessKey]) : undefined;
  const { by, grouped } = plan;
  const held = run.budget.holder('the group');
  const names = { by, counts: plan.counts, grouped, held };
  return countRows(counts, run.pacer, names, () => openPlan(plan.input, run));
}
