import { DropsError } from '@drops/diagnostics';
import type { Expression, Filter, Group, Join, Relation } from '@drops/ir';
import { fidelityLog } from '../fidelity.js';
import type { Block } from '../sql/block.js';
import { buildBlock } from '../sql/build-block.js';
import { identifier, type SqlContext } from '../sql/context.js';
import { allOf, anyOf, clause, type Fragment } from '../sql/fragment.js';
import { renderBound, type RenderedBound } from '../sql/render.js';
import { writerFor } from '../sql/write-select.js';
import {
  joinedRowsTable,
  leave,
  overState,
  storedContext,
  storedDialect,
  storedRowsTable,
} from './stored-context.js';
import { doubtsOf } from './stored-functions.js';
import { storedGroups, type StoredGroups } from './stored-groups.js';
import { chosenGroups, type First } from './stored-having.js';
import { storedPairs, type JoinSizes } from './stored-join.js';
import { rowOrders, storedOrder } from './stored-order.js';

/** ` FROM state WHERE …`: rows that meet the conditions, and those of which the database does not know it. */
function sourceOf(context: SqlContext, { where, span }: Block): Fragment {
  const from = clause` FROM ${identifier(context, storedRowsTable, span)}`;
  if (where.length === 0) return from;
  const conditions = where.map(({ of, names }) => {
    const writer = writerFor(context, names, false);
    return anyOf([...doubtsOf(of, writer), writer.condition(of)]);
  });
  return clause`${from} WHERE ${allOf(conditions)}`;
}

const isOverJoin = (relation: Relation): relation is Join | Filter =>
  relation.kind === 'Join' || (relation.kind === 'Filter' && isOverJoin(relation.input));

/** A group, and the conditions that its rows have to meet. */
function groupUnder(
  relation: Relation,
): { readonly group: Group; readonly conditions: readonly Expression[] } | undefined {
  if (relation.kind === 'Group') return { group: relation, conditions: [] };
  const below = relation.kind === 'Filter' ? groupUnder(relation.input) : undefined;
  return below && relation.kind === 'Filter'
    ? { ...below, conditions: [...below.conditions, relation.predicate] }
    : undefined;
}

function groupsOf(context: SqlContext, group: Group, sizes: JoinSizes): StoredGroups {
  const { input } = group;
  if (isOverJoin(input)) {
    const { source, writer } = storedPairs(context, input, sizes);
    return storedGroups(group, source, writer);
  }
  const block = buildBlock(context, input);
  return storedGroups(group, sourceOf(context, block), writerFor(context, block.names, false));
}

/** The first rows of a sort, or, without keys, of their own order. */
function firstOf(relation: Relation): { readonly input: Relation; readonly first: First } | undefined {
  if (relation.kind !== 'Slice') return undefined;
  const { input, limit, offset } = relation;
  if (typeof limit !== 'number' || offset !== 0) return leave('this slice', relation);
  return input.kind === 'Sort'
    ? { input: input.input, first: { keys: input.keys, limit } }
    : { input, first: { keys: [], limit } };
}

/** Pairs of rows: all columns of the left one, then of the right one. */
function selectPairs(
  context: SqlContext,
  input: Join | Filter,
  first: First | undefined,
  sizes: JoinSizes,
): Fragment {
  const { source, writer } = storedPairs(context, input, sizes);
  const columns = [storedRowsTable, joinedRowsTable].map((table) => `"${table}".*`).join(', ');
  const isSorted = first !== undefined && first.keys.length > 0;
  const order = isSorted ? storedOrder(first.keys, [], writer, true) : rowOrders(true).natural;
  const limit = first ? clause` LIMIT ${String(first.limit)}` : clause``;
  return clause`SELECT ${columns}${source} ORDER BY ${order}${limit}`;
}

function selectFirst(context: SqlContext, input: Relation, { keys, limit }: First): Fragment {
  const block = buildBlock(context, input);
  const order = storedOrder(
    keys,
    block.where.map(({ of }) => of),
    writerFor(context, block.names, false),
    false,
  );
  return clause`SELECT *${sourceOf(context, block)} ORDER BY ${order} LIMIT ${String(limit)}`;
}

/** Rows of a route: their conditions are looked at again by whoever reads them. */
const isRows = (relation: Relation): boolean =>
  relation.kind === 'Scan' || (relation.kind === 'Filter' && isRows(relation.input));

function select(context: SqlContext, relation: Relation, sizes: JoinSizes): Fragment {
  const sliced = firstOf(relation);
  const input = sliced?.input ?? relation;
  const grouped = groupUnder(input);
  if (grouped) {
    const { group, conditions } = grouped;
    const groups = groupsOf(context, group, sizes);
    return sliced || conditions.length > 0
      ? chosenGroups(context, group, groups, conditions, sliced?.first)
      : groups.select;
  }
  if (isOverJoin(input)) return selectPairs(context, input, sliced?.first, sizes);
  if (sliced && sliced.first.keys.length === 0) return leave('this slice', relation);
  if (sliced) return selectFirst(context, input, sliced.first);
  return isRows(input)
    ? clause`SELECT *${sourceOf(context, buildBlock(context, input))}`
    : leave('this step', input);
}

/**
 * SQL that says the same as a relation over one route of a store, or over two of which the second is the table `joined`, whatever their
 * payloads hold; undefined where none does. Rows of a route, all columns of them, and perhaps rows that do not meet all conditions; the first of them (`Slice` of `Sort`), of which the caller looks whether one is sorted by
 * a list or an object; pairs in their order, or the first of them; or groups, of which the last column tells that the answer of one is not ours. `sizes` only decides how a join is done.
 */
export function storedSelect(
  relation: Relation,
  sizes: JoinSizes = { left: 0, right: Infinity },
): RenderedBound | undefined {
  try {
    const fidelity = fidelityLog();
    const fragment = select(storedContext(fidelity), overState(relation, isRows(relation)), sizes);
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
