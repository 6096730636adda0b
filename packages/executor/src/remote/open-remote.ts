import { invariant } from '@drops/diagnostics';
import { isScalar, type SortKey } from '@drops/ir';
import { bindPlan, type GroupRows, type PhysicalPlan, type RemoteRows, type TopRows } from '@drops/planner';
import { compileExpression, compilePredicate } from '../expressions/compile.js';
import { shownDrops, shownRows } from '../operators/access.js';
import { filterRows } from '../operators/filter.js';
import { bytesOfCell, bytesOfGroup } from '../operators/group.js';
import { pairOf } from '../operators/hash-join.js';
import { drain, lateSource, type Source } from '../operators/source.js';
import { sortRows } from '../operators/sort.js';
import { sortOrder } from '../order.js';
import { dropRow, type Row } from '../row.js';
import type { Run } from '../run.js';
import { remoteGroups } from './remote-groups.js';
import { remotePart, type RemotePart } from './remote-part.js';
import { noneIfUnsupported, unlessUnsupported } from './unless-unsupported.js';

/** Rows that are asked for at the first pull; those of `instead` where they cannot be had. */
function askedFor(
  ask: () => Promise<readonly Row[] | undefined>,
  instead: () => Source,
  { pacer }: Run,
): Source {
  let other: Source | undefined;
  const closing: Source = { next: () => null, close: () => other?.close() };
  return lateSource(closing, async () => {
    const found = await ask().catch(noneIfUnsupported);
    if (found) return found;
    const rows: Row[] = [];
    other = instead();
    await drain(other, pacer, (batch) => {
      for (const row of batch) rows.push(row);
    });
    return rows;
  });
}

/** The first rows of a sort, put in order here; undefined where a row is sorted by what the database orders otherwise. */
async function firstRows(
  { sql, path, select }: RemotePart,
  { keys }: TopRows,
  run: Run,
): Promise<readonly Row[] | undefined> {
  const rows = shownDrops(await sql.chosen(path, select), run.visible, run.budget);
  const values = keys.map(({ expression }) => compileExpression(expression, run.expressions));
  return rows.every((row) => values.every((value) => isScalar(value(row)))) ? rows : undefined;
}

function openTop(part: RemotePart, plan: TopRows, instead: () => Source, run: Run): Source {
  const order = sortOrder(plan.keys, run.expressions);
  const held = run.budget.holder('the sort');
  return sortRows(
    askedFor(() => firstRows(part, plan, run), instead, run),
    run.pacer,
    order,
    held,
  );
}

const isOverJoin = (plan: PhysicalPlan): boolean =>
  plan.kind === 'FilterRows'
    ? isOverJoin(plan.input)
    : plan.kind === 'HashJoin' || plan.kind === 'LookupJoin';

/** Pairs that the store has chosen; undefined where one is sorted by what the database orders otherwise. */
async function chosenPairs(
  { sql, path, select }: RemotePart,
  keys: readonly SortKey[],
  { budget, expressions }: Run,
): Promise<readonly Row[] | undefined> {
  const pairs = await sql.pairs(path, select);
  budget.read(pairs.reduce((sum, { right }) => sum + (right ? 2 : 1), 0));
  const rows = pairs.map(({ left, right }) =>
    right ? pairOf(dropRow(left), dropRow(right)) : dropRow(left),
  );
  const values = keys.map(({ expression }) => compileExpression(expression, expressions));
  return rows.every((row) => values.every((value) => isScalar(value(row)))) ? rows : undefined;
}

/** The first pairs by some keys. */
function openPairs(part: RemotePart, { keys }: TopRows, instead: () => Source, run: Run): Source {
  const rows = askedFor(() => chosenPairs(part, keys, run), instead, run);
  return sortRows(rows, run.pacer, sortOrder(keys, run.expressions), run.budget.holder('the sort'));
}

/** The grouping that a part of a plan keeps, cuts, or is. */
function groupingOf(plan: PhysicalPlan): GroupRows | undefined {
  if (plan.kind === 'GroupRows') return plan;
  return plan.kind === 'FilterRows' || plan.kind === 'TopRows' ? groupingOf(plan.input) : undefined;
}

/** Groups, those that the store has chosen. */
function openGroups(part: RemotePart, plan: GroupRows, instead: () => Source, run: Run): Source {
  const held = run.budget.holder('the grouping');
  const groups = async (): Promise<readonly Row[] | undefined> => {
    const rows = await remoteGroups(part, plan);
    held.add((rows?.length ?? 0) * (bytesOfGroup + bytesOfCell * plan.aggregates.length));
    return rows;
  };
  return askedFor(groups, instead, run);
}

/** The first of them: what was chosen, in its order. */
function openFirstGroups(
  part: RemotePart,
  group: GroupRows,
  top: TopRows,
  instead: () => Source,
  run: Run,
): Source {
  const order = sortOrder(top.keys, run.expressions);
  return sortRows(openGroups(part, group, instead, run), run.pacer, order, run.budget.holder('the sort'));
}

/** Rows that the store chooses; a filter is checked again, since the store may not know of each row whether it meets it. */
function openRows(
  { sql, path, select }: RemotePart,
  plan: PhysicalPlan,
  instead: () => Source,
  run: Run,
  expected: number | undefined,
): Source {
  const rows = shownRows(sql.rows(path, select, expected), run.visible, run.budget);
  const kept =
    plan.kind === 'FilterRows'
      ? filterRows(rows, run.pacer, compilePredicate(plan.predicate, run.expressions))
      : rows;
  return unlessUnsupported(kept, instead);
}

/** A part of a plan as the store does it; `instead` does it here, where the store does not. */
export function openRemote(
  plan: RemoteRows,
  instead: () => Source,
  run: Run,
  expected: number | undefined,
): Source {
  const { values } = run.expressions;
  const bound = values ? bindPlan(plan, values) : plan;
  invariant(bound.kind === 'RemoteRows', 'a bound plan is of the same kind');
  const part = remotePart(bound, run.at(undefined));
  // What may not be read is left out before anything is counted; of rows that are only chosen it is left out below.
  const { visible } = run;
  const routes = part ? [part.path.route, ...(part.select.joined ? [part.select.joined.route] : [])] : [];
  if (!part) return instead();
  const { rows } = bound;
  const group = groupingOf(rows);
  const chooses = rows.kind === 'Access' || (rows.kind === 'FilterRows' && !group);
  if (!chooses && routes.some((route) => visible?.(route) === false)) return instead();
  if (rows.kind === 'TopRows' && isOverJoin(rows.input)) return openPairs(part, rows, instead, run);
  if (rows.kind === 'TopRows')
    return group ? openFirstGroups(part, group, rows, instead, run) : openTop(part, rows, instead, run);
  if (group) return openGroups(part, group, instead, run);
  return openRows(part, rows, instead, run, expected);
}
