import { expressionText, type Expression, type Field, type IndexScanPath, type Path } from '@drops/ir';
import type { PlanStatistics } from '../estimate.js';
import { fieldsOf, rewriteOwn } from '../expression-tree.js';
import type { HashJoin, PhysicalPlan } from '../physical-plan.js';
import { expressionsOf } from '../plan-tree.js';
import { samePath } from './index-terms.js';
import { leafUnder } from './leaf.js';

/** The join under filters, sorts and slices; undefined where there is none. */
function joinUnder(plan: PhysicalPlan): HashJoin | undefined {
  switch (plan.kind) {
    case 'HashJoin':
      return plan;
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'PageRows':
    case 'ProjectRows':
      return joinUnder(plan.input);
    default:
      return undefined;
  }
}

/** What decides which rows of a join come, and in what order: the expressions over it up to a projection. */
function decidingFields(plan: PhysicalPlan): readonly Field[] {
  switch (plan.kind) {
    case 'ProjectRows':
    case 'SliceRows':
    case 'PageRows':
      return decidingFields(plan.input);
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
      return [...expressionsOf(plan).flatMap(fieldsOf), ...decidingFields(plan.input)];
    default:
      return [];
  }
}

/** The entries of the rows of a route that lack a field, in an index that begins with it. */
function lackingRows(route: string, path: Path, statistics: PlanStatistics): IndexScanPath | undefined {
  const index = statistics.indexes?.(route).find(({ fields: [first] }) => first && samePath(first, path));
  if (!index) return undefined;
  const { id, fields } = index;
  const order = { kind: 'natural' } as const;
  return { kind: 'IndexScan', route, index: id, fields, equal: [null], order, rows: 'all' };
}

function replaceFields(plan: PhysicalPlan, map: (e: Expression) => Expression): PhysicalPlan {
  switch (plan.kind) {
    case 'ProjectRows':
    case 'SliceRows':
    case 'PageRows':
      return { ...plan, input: replaceFields(plan.input, map) };
    case 'FilterRows':
      return { ...plan, input: replaceFields(plan.input, map), predicate: map(plan.predicate) };
    case 'SortRows':
    case 'TopRows': {
      const keys = plan.keys.map((key) => ({ ...key, expression: map(key.expression) }));
      return { ...plan, input: replaceFields(plan.input, map), keys };
    }
    default:
      return plan;
  }
}

/**
 * Over a join a field is that of the left drop, or of the joined record where the left one lacks it; so neither a sort nor a limit can
 * go below the join. Where an index knows of no left drop that lacks it, the field is the left one's, and the plan that says so is
 * right as long as that holds: whoever keeps it asks `isNone` again. Undefined where nothing is to be assumed.
 */
export function assumeLeftFields(plan: PhysicalPlan, statistics: PlanStatistics): PhysicalPlan | undefined {
  const join = joinUnder(plan);
  const leaf = join && leafUnder(join.left);
  if (!leaf) return undefined;
  const { route } = leaf.access.path;
  const known = new Map<string, boolean>();
  for (const field of decidingFields(plan)) {
    const name = expressionText(field);
    if (field.scope !== 'either' || known.has(name)) continue;
    const path = lackingRows(route, field.path, statistics);
    known.set(name, path !== undefined && statistics.isNone?.(path) === true);
  }
  if (![...known.values()].includes(true)) return undefined;
  return replaceFields(plan, (expression) =>
    rewriteOwn(expression, (e) =>
      e.kind === 'Field' && e.scope === 'either' && known.get(expressionText(e)) === true
        ? { ...e, scope: 'payload' }
        : e,
    ),
  );
}
