import { invariant } from '@drops/diagnostics';
import type { Expression, FieldScope, Relation } from '../nodes/relational.js';
import type { Plan } from '../nodes/plans.js';
import { expressionText } from './expression-text.js';
import { columnsOf, rowShape, type RowShape } from './row-shape.js';
import { isRelation, walk } from './walk.js';

/** `executable`: parameters are bound too. */
export type InvariantLevel = 'always' | 'executable';

const scopesOf: { readonly [S in RowShape]: readonly FieldScope[] } = {
  drop: ['system', 'payload'],
  joined: ['system', 'payload', 'either', 'joined'],
  flat: ['column'],
};

/**
 * Throws when a plan is one that no front end or rule may make: a field looking where its rows have nothing,
 * a join on the right of a join, an empty group, a parameter left over. Our bug, never the user's.
 */
export function checkInvariants(plan: Plan, level: InvariantLevel = 'always'): void {
  walk(plan, (node) => {
    if (level === 'executable') invariant(node.kind !== 'Param', `parameter left in an executable plan`);
    if (isRelation(node)) checkRelation(node);
  });
}

function checkFields(input: Relation, expressions: readonly Expression[]): void {
  const allowed = scopesOf[rowShape(input)];
  const columns = columnsOf(input);
  for (const expression of expressions) {
    walk(expression, (node) => {
      // A sub-query has rows of its own.
      if (isRelation(node)) return 'skip';
      if (node.kind !== 'Field') return undefined;
      invariant(
        allowed.includes(node.scope),
        `${node.scope} field ${expressionText(node)} over ${rowShape(input)} rows`,
      );
      if (node.scope === 'column' && columns && !columns.open) {
        invariant(columns.names.includes(String(node.path[0])), `no column ${expressionText(node)}`);
      }
      return undefined;
    });
  }
}

function checkNames(names: readonly string[]): void {
  invariant(new Set(names).size === names.length, `two columns of one name among ${names.join(', ')}`);
}

function checkRelation(r: Relation): void {
  switch (r.kind) {
    case 'Filter':
      return checkFields(r.input, [r.predicate]);
    case 'Sort':
      return checkFields(
        r.input,
        r.keys.map((k) => k.expression),
      );
    case 'Project':
      checkNames(r.items.map((i) => i.as));
      return checkFields(
        r.input,
        r.items.map((i) => i.expression),
      );
    case 'Group':
      invariant((r.by?.length ?? 0) + r.aggregates.length > 0, 'a group without columns');
      checkNames([...(r.by ?? []).map((c) => c.as), ...r.aggregates.map((a) => a.as)]);
      return checkFields(r.input, [
        ...(r.by ?? []).map((c) => c.expression),
        ...r.aggregates.flatMap((a) => (a.argument ? [a.argument] : [])),
      ]);
    case 'Join':
      invariant(rowShape(r.right) === 'drop', 'the right side of a join must be drops');
      return checkFields(
        r.left,
        r.on.map((p) => p.left),
      );
    case 'Scan':
    case 'Search':
    case 'FacetScan':
    case 'Slice':
      return;
  }
}
