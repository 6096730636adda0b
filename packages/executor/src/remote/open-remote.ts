import { invariant } from '@drops/diagnostics';
import {
  bindPlan,
  isOverJoin,
  type GroupRows,
  type PhysicalPlan,
  type RemoteRows,
  type TopRows,
} from '@drops/planner';
import { compilePredicate } from '../expressions/compile.js';
import { shownDrops, shownRows } from '../operators/access.js';
import { filterRows } from '../operators/filter.js';
import { bytesOfCell, bytesOfGroup } from '../operators/group.js';
import type { Source } from '../operators/source.js';
import { sortRows } from '../operators/sort.js';
import { sortOrder } from '../order.js';
import type { Row } from '../row.js';
import type { Run } from '../run.js';
import { askedFor } from './asked-for.js';
import { openFirstPairs, openPairs } from './open-pairs.js';
import { remoteGroups } from './remote-groups.js';
import { remotePart, type RemotePart } from './remote-part.js';
import { ifSortedAlike } from './sorted-alike.js';
import { unlessUnsupported } from './unless-unsupported.js';

/** The first rows of a sort, put in order here; undefined where a row is sorted by what the database orders otherwise. */
async function firstRows(
  { sql, path, select }: RemotePart,
  { keys }: TopRows,
  run: Run,
): Promise<readonly Row[] | undefined> {
  const rows = shownDrops(await sql.chosen(path, select), run.visible, run.budget);
  return ifSortedAlike(rows, keys, run);
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

/** A part of a plan as the store does it; `open` does it here, where the store does not. */
export function openRemote(
  plan: RemoteRows,
  open: (part: PhysicalPlan, wanted?: number) => Source,
  run: Run,
  expected: number | undefined,
): Source {
  const instead = () => open(plan.rows, expected);
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
  const chooses = rows.kind === 'Access' || (rows.kind === 'FilterRows' && !group && !isOverJoin(rows));
  if (!chooses && routes.some((route) => visible?.(route) === false)) return instead();
  if (rows.kind === 'TopRows' && isOverJoin(rows.input)) return openFirstPairs(part, rows, instead, run);
  if (isOverJoin(rows)) return openPairs(bound, part, { open, expected }, run);
  if (rows.kind === 'TopRows')
    return group ? openFirstGroups(part, group, rows, instead, run) : openTop(part, rows, instead, run);
  if (group) return openGroups(part, group, instead, run);
  return openRows(part, rows, instead, run, expected);
}
