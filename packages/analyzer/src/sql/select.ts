import { fail } from '@drops/diagnostics';
import { columnsOf, rowShape, type Project, type Relation } from '@drops/ir';
import type { Node, SelectStmt } from '@pgsql/types';
import type { LowerContext } from '../context.js';
import { termsOf } from './conditions.js';
import type { LowerSubselect } from './sub-selects.js';
import { lowerFrom, lowerTerms } from './from.js';
import { lowerGroup } from './groups.js';
import { lowerOperand } from './operands.js';
import { lowerSlice, orderNode, sortKeys } from './order.js';
import { keyOf, type SqlPlaces } from './places.js';
import type { SqlScope } from './scope.js';
import { readList, type SelectList } from './select-list.js';

/** How deep SELECTs may stand within SELECTs. */
const maxDepth = 20;

/** The columns of the answer, unless the rows have just those already. */
function lowerProject(list: SelectList, scope: SqlScope, relation: Relation): Relation {
  const items: Project['items'][number][] = list.items.map((item) => ({
    as: item.name,
    expression: lowerOperand(item.node, scope),
  }));
  if (list.star) {
    const columns = rowShape(relation) === 'flat' ? [] : (['_key', '_created_at'] as const);
    const system = columns.map((as) => ({
      as,
      expression: lowerOperand({ ColumnRef: { fields: refParts(scope, as) } }, scope),
    }));
    if (rowShape(relation) === 'flat' && items.length === 0) return relation;
    return {
      kind: 'Project',
      input: relation,
      star: true,
      items: [...system, ...items],
      span: scope.places.whole,
    };
  }
  const columns = columnsOf(relation);
  const same = columns?.open === false ? columns.names : undefined;
  const unchanged =
    same?.length === items.length &&
    items.every(({ as, expression }, i) => {
      const isColumn =
        expression.kind === 'Field' && expression.scope === 'column' && expression.path.length === 1;
      return isColumn && expression.path[0] === as && same[i] === as;
    });
  return unchanged
    ? relation
    : { kind: 'Project', input: relation, star: false, items, span: scope.places.whole };
}

function refParts(scope: SqlScope, name: string) {
  const alias = rowShape(scope.relation) === 'joined' ? [scope.tables[0]?.alias ?? ''] : [];
  return [...alias, name].map((sval) => ({ String: { sval } }));
}

const refused: readonly (readonly [keyof SelectStmt, string])[] = [
  ['withClause', 'WITH'],
  ['valuesLists', 'VALUES'],
  ['windowClause', 'WINDOW'],
  ['lockingClause', 'FOR UPDATE'],
  ['intoClause', 'INTO'],
];

function checkSelect(select: SelectStmt, places: SqlPlaces): void {
  if ((select.op ?? 'SETOP_NONE') !== 'SETOP_NONE') {
    fail('SQL_ERROR', 'UNION, INTERSECT and EXCEPT are not part of the SQL that Drops reads', {
      span: places.whole,
    });
  }
  for (const [member, name] of refused) {
    if (select[member] === undefined) continue;
    fail('SQL_ERROR', `${name} is not part of the SQL that Drops reads`, { span: places.whole });
  }
  // DISTINCT without ON is a list of one empty node.
  if (select.distinctClause?.some((node) => keyOf(node) !== '')) {
    fail('SQL_ERROR', 'DISTINCT ON is not part of the SQL that Drops reads', { span: places.whole });
  }
}

/** A SELECT as a relation of flat rows. */
export function lowerSelect(
  select: SelectStmt,
  places: SqlPlaces,
  context: LowerContext,
  depth = 0,
): Relation {
  if (depth > maxDepth)
    fail('QUERY_TOO_COMPLEX', 'SELECTs stand too deep within SELECTs', { span: places.whole });
  checkSelect(select, places);
  const subselect: LowerSubselect = (inner) => lowerSelect(inner, places, context, depth + 1);
  const from = lowerFrom(select, { lower: context, places, subselect });
  let { scope } = from;
  const filter = (terms: readonly Node[]): void => {
    if (terms.length === 0) return;
    const predicate = lowerTerms(terms, { scope, subselect }, places.whole);
    if (predicate.kind === 'Lit' && predicate.value === true) return;
    scope = {
      ...scope,
      relation: { kind: 'Filter', input: scope.relation, predicate, span: predicate.span },
    };
  };
  filter(from.where);
  const list = readList(select, scope);
  const sorts = (select.sortClause ?? []).flatMap((node) => ('SortBy' in node ? [node.SortBy] : []));
  const order = sorts.map((sort) => orderNode(sort, list, scope));
  const grouping = lowerGroup(select, list, order, scope);
  if (grouping) {
    ({ scope } = grouping);
    if (select.havingClause) filter(termsOf(select.havingClause));
  }
  let { relation } = scope;
  const keys = sorts.flatMap((sort, i) => {
    const node = order[i];
    return node ? sortKeys(sort, lowerOperand(node, scope)) : [];
  });
  if (keys.length > 0) relation = { kind: 'Sort', input: relation, keys, span: places.whole };
  relation = lowerSlice(select, relation, !grouping && depth === 0, places);
  return lowerProject(list, scope, relation);
}
