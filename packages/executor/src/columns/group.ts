import type { AggregateColumn, Expression, Field } from '@drops/ir';
import type { ColumnGroup } from '@drops/planner';
import { cellKind } from '@drops/store';
import type { Holder } from '../budget.js';
import { bytesOfCell, bytesOfGroup, compareGroups, groupRow } from '../operators/group.js';
import type { Row } from '../row.js';
import { aggregateGroups, sumsOf, type Grouped } from './aggregates.js';
import type { Frame } from './frame.js';
import { countAndSum } from './count-and-sum.js';
import { groupIds, oneGroup, type KeyCells } from './group-ids.js';
import { onlyNumbers } from './vector.js';

/** When a drop was written: what `first` and `last` go by. */
export const createdAt: Field = {
  kind: 'Field',
  scope: 'system',
  path: ['created_at'],
  type: 'date',
  span: { start: 0, end: 0 },
};

/** A possible group in the arrays of counts and sums. */
const bytesOfPlace = 24;

const goesByTime = ({ fn }: AggregateColumn): boolean => fn === 'first' || fn === 'last';

/** The expressions that a group reads, those included that only decide which value is first. */
export function groupReads(plan: ColumnGroup): readonly Expression[] {
  return [
    ...(plan.by ?? []).map((c) => c.expression),
    ...plan.aggregates.flatMap((a) => a.argument ?? []),
    ...(plan.aggregates.some(goesByTime) ? [createdAt] : []),
  ];
}

const cellsOf = (frame: Frame, expression: Expression): KeyCells => ({
  column: expression.kind === 'Field' ? frame.vector(expression).column : undefined,
  read: frame.reader(expression),
});

const noCells: KeyCells = { column: undefined, read: () => null };

/** Values of one plain type: whichever of equal ones is met first is the same one. */
function isPlain({ column }: KeyCells): boolean {
  return column?.uniform !== undefined && column.uniform !== cellKind.other;
}

/** True when the order of the rows cannot be seen in the result of an aggregate. */
function isOrderless({ fn }: AggregateColumn, argument: KeyCells): boolean {
  switch (fn) {
    case 'count':
      return true;
    case 'sum':
    case 'avg':
      return argument.column?.whole ?? false;
    case 'min':
    case 'max':
    case 'distinct':
      return isPlain(argument);
    case 'first':
    case 'last':
      return false;
  }
}

/** The columns of nothing but numbers that are added up: they are counted and added in one pass. */
function summedNumbers(
  aggregates: readonly AggregateColumn[],
  cells: readonly KeyCells[],
): readonly Float64Array[] {
  const found = new Set<Float64Array>();
  for (const [i, { fn }] of aggregates.entries()) {
    const column = fn === 'sum' || fn === 'avg' ? cells[i]?.column : undefined;
    const numbers = column && onlyNumbers(column);
    if (numbers) found.add(numbers);
  }
  return [...found];
}

/** The groups of a table: rows as a group over rows gives them, in the same order. */
export function groupFrame(frame: Frame, { by, aggregates }: ColumnGroup, held: Holder): readonly Row[] {
  const keys = (by ?? []).map((c) => cellsOf(frame, c.expression));
  const cells = aggregates.map((a) => (a.argument ? cellsOf(frame, a.argument) : noCells));
  const orderless = keys.every(isPlain) && aggregates.every((a, i) => isOrderless(a, cells[i] ?? noCells));
  const selection = frame.select(!orderless);
  const { ids, size } = by === null ? oneGroup(frame.size) : groupIds(keys, selection, frame.size);
  held.add(bytesOfPlace * size);
  const summed = summedNumbers(aggregates, cells);
  const { counts, first, sums: totals } = countAndSum(selection, ids, size, summed);
  const grouped: Grouped = { selection, ids, size, counts, held };

  const sums = new Map<unknown, ReturnType<typeof sumsOf>>();
  for (const [i, numbers] of summed.entries()) {
    const column = cells.find((cell) => cell.column?.numbers === numbers)?.column;
    sums.set(column, { sums: totals[i] ?? new Float64Array(size), counts });
  }
  const results = aggregates.map((aggregate, i) => {
    const argument = cells[i] ?? noCells;
    return aggregateGroups(aggregate.fn, grouped, {
      argument,
      sums() {
        const known = sums.get(argument.column ?? argument) ?? sumsOf(grouped, argument);
        sums.set(argument.column ?? argument, known);
        return known;
      },
      createdAt: () => frame.reader(createdAt),
    });
  });

  let found = 0;
  for (const count of counts) if (count !== 0) found += 1;
  held.add((bytesOfGroup + bytesOfCell * (keys.length + aggregates.length)) * found);
  const names = [...(by ?? []).map((c) => c.as), ...aggregates.map((a) => a.as)];
  const groups = [...counts.keys()]
    .filter((id) => by === null || counts[id] !== 0)
    .map((id) => ({ id, values: keys.map((key) => key.read(first[id] ?? 0) ?? null) }));
  return groups
    .sort((a, b) => compareGroups(a.values, b.values))
    .map(({ id, values }) =>
      groupRow(
        names,
        values,
        results.map((result) => result(id)),
      ),
    );
}
