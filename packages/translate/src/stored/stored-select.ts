import { DropsError } from '@drops/diagnostics';
import type { Relation } from '@drops/ir';
import { fidelityLog } from '../fidelity.js';
import type { Block } from '../sql/block.js';
import { buildBlock } from '../sql/build-block.js';
import { identifier, type SqlContext } from '../sql/context.js';
import { clause, join, type Fragment } from '../sql/fragment.js';
import { renderBound, type RenderedBound } from '../sql/render.js';
import { writeConditions, writeRelation, writerFor } from '../sql/write-select.js';
import { leave, overState, storedContext, storedDialect, storedRowsTable } from './stored-context.js';
import { selectGroups } from './stored-groups.js';
import { storedOrder } from './stored-order.js';

/** ` FROM state WHERE …` */
function sourceOf(context: SqlContext, { where, span }: Block): Fragment {
  const conditions = writeConditions('WHERE', where, (names) => writerFor(context, names, false));
  return join([clause` FROM ${identifier(context, storedRowsTable, span)}`, ...conditions], '');
}

function selectFirst(context: SqlContext, relation: Extract<Relation, { kind: 'Slice' }>): Fragment {
  const { input: sort, limit, offset } = relation;
  if (sort.kind !== 'Sort' || typeof limit !== 'number' || offset !== 0) return leave('this slice', relation);
  const block = buildBlock(context, sort.input);
  const order = storedOrder(sort.keys, writerFor(context, block.names, false));
  return clause`SELECT *${sourceOf(context, block)} ORDER BY ${order} LIMIT ${String(limit)}`;
}

function select(context: SqlContext, relation: Relation): Fragment {
  switch (relation.kind) {
    case 'Group': {
      const block = buildBlock(context, relation.input);
      return selectGroups(relation, sourceOf(context, block), writerFor(context, block.names, false));
    }
    case 'Slice':
      return selectFirst(context, relation);
    case 'Scan':
    case 'Filter':
      return writeRelation(context, relation);
    default:
      return leave('this step', relation);
  }
}

/**
 * SQL that says the same as a relation over one route of a store, whatever its payloads hold; undefined where none
 * does. Rows of a route, all columns of them; the first of them (`Slice` of `Sort`), of which the caller looks whether one is sorted by
 * a list or an object; or groups, of which the last column tells that the answer of one is not ours.
 */
export function storedSelect(relation: Relation): RenderedBound | undefined {
  try {
    const fidelity = fidelityLog();
    const fragment = select(storedContext(fidelity), overState(relation));
    const result = fidelity.result();
    // The types are looked at row by row, so nothing is asked of a schema but what a note tells.
    const isExact =
      result.kind === 'exact' || (result.kind === 'exact given the schema' && result.notes.length === 0);
    return isExact ? renderBound(fragment, storedDialect) : undefined;
  } catch (error) {
    if (error instanceof DropsError && error.diagnostic.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}
