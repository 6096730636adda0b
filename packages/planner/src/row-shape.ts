import { assertNever } from '@drops/diagnostics';
import type { PhysicalPlan, RowShape } from './physical-plan.js';

const drops: RowShape = { kind: 'drops' };

/** The shape of a plan's rows. */
export function shapeOf(plan: PhysicalPlan): RowShape {
  switch (plan.kind) {
    case 'Access':
    case 'SearchRows':
    case 'FacetRows':
      return drops;
    case 'Empty':
      return plan.shape;
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ResumeRows':
      return shapeOf(plan.input);
    case 'ProjectRows':
      return projectedShape(
        plan.star ? shapeOf(plan.input) : undefined,
        plan.items.map((item) => item.as),
      );
    case 'GroupRows':
      return {
        kind: 'flat',
        open: false,
        columns: [...(plan.by ?? []).map((c) => c.as), ...plan.aggregates.map((a) => a.as)],
      };
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      return shapeOf(plan.rows);
    case 'CountRows':
      return { kind: 'flat', open: false, columns: [...plan.by, ...plan.counts] };
    case 'LookupJoin':
    case 'IndexLookupJoin':
    case 'HashJoin':
      return { kind: 'joined', left: shapeOf(plan.left) };
    default:
      return assertNever(plan);
  }
}

function projectedShape(star: RowShape | undefined, names: readonly string[]): RowShape {
  if (star === undefined) return { kind: 'flat', columns: names, open: false };
  if (star.kind === 'joined') return projectedShape(star.left, names);
  if (star.kind === 'drops') return { kind: 'flat', columns: names, open: true };
  return { kind: 'flat', columns: [...new Set([...star.columns, ...names])], open: star.open };
}

/** True when two shapes give results of the same form. */
export function sameShape(a: RowShape, b: RowShape): boolean {
  if (a.kind === 'joined' && b.kind === 'joined') return sameShape(a.left, b.left);
  if (a.kind === 'flat' && b.kind === 'flat') {
    return (
      a.open === b.open &&
      a.columns.length === b.columns.length &&
      a.columns.every((c, i) => c === b.columns[i])
    );
  }
  return a.kind === b.kind;
}
