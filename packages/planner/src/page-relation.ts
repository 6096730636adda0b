import type { Relation, Slice, TextArgument } from '@drops/ir';

/** A relation with a limit on its rows, and the slice that tells of the next page, if there is one. */
export interface PagedRelation {
  readonly relation: Relation;
  readonly page?: Slice;
}

/** Clauses and pipes that keep rows one for one, or fewer, in the order of the page. */
function inputOfStep(relation: Relation): Relation | undefined {
  switch (relation.kind) {
    case 'Filter':
    case 'Project':
    case 'Sort':
    case 'Slice':
      return relation.input;
    default:
      return undefined;
  }
}

/** A search gives few rows, and their order is that of their scores, in which no page can go on. */
function isSearched(relation: Relation): boolean {
  switch (relation.kind) {
    case 'Search':
      return true;
    case 'Scan':
    case 'FacetScan':
      return false;
    case 'Join':
      return isSearched(relation.left);
    default:
      return isSearched(relation.input);
  }
}

interface Steps {
  /** The paged slice of the clauses, if it is not below a group or a join. */
  readonly paged?: Slice;
  readonly limitAbove: boolean;
  readonly limited: boolean;
}

function readSteps(relation: Relation): Steps {
  let paged: Slice | undefined;
  let limitAbove = false;
  let limited = false;
  for (let r: Relation | undefined = relation; r; r = inputOfStep(r)) {
    if (r.kind !== 'Slice') continue;
    if (r.paged) paged ??= r;
    if (r.limit === undefined) continue;
    limited = true;
    if (!paged) limitAbove = true;
  }
  return { ...(paged && { paged }), limitAbove, limited };
}

/** Takes the slice out of the steps, leaving its offset when no cursor overrules it. */
function withoutSlice(relation: Relation, slice: Slice): Relation {
  if (relation === slice) {
    if (slice.after !== undefined || slice.offset === 0) return slice.input;
    return { ...slice, paged: false };
  }
  switch (relation.kind) {
    case 'Filter':
    case 'Project':
    case 'Sort':
    case 'Slice':
      return { ...relation, input: withoutSlice(relation.input, slice) };
    default:
      return relation;
  }
}

/** One row over everything: nothing to page. */
function isSingleRow(relation: Relation): boolean {
  for (let r: Relation | undefined = relation; r; r = inputOfStep(r)) {
    if (r.kind === 'Group') return r.by === null;
  }
  return false;
}

interface Capped {
  readonly relation: Relation;
  readonly page: Slice;
}

/** Caps the rows under the trailing projections: their order is still that of what they read. */
function capUnderProjects(
  relation: Relation,
  cap: number | undefined,
  after: TextArgument | undefined,
): Capped {
  if (relation.kind === 'Project') {
    const { relation: input, page } = capUnderProjects(relation.input, cap, after);
    return { relation: { ...relation, input }, page };
  }
  const page: Slice = {
    kind: 'Slice',
    input: relation,
    offset: 0,
    ...(cap !== undefined && { limit: cap }),
    single: false,
    paged: true,
    span: relation.span,
    ...(after !== undefined && { after }),
  };
  return { relation: page, page };
}

/**
 * Decides where a query is paged: at the clause `limit`, or by the cap (if any) where nothing else limits it.
 * A page without a limit of its own only continues: its cursor then belongs to the whole query.
 */
export function pageRelation(relation: Relation, cap: number | undefined): PagedRelation {
  const { paged, limitAbove, limited } = readSteps(relation);
  if (paged?.limit !== undefined) return limitAbove ? { relation } : { relation, page: paged };
  if (limited || isSingleRow(relation) || isSearched(relation)) return { relation };
  const open = paged ? withoutSlice(relation, paged) : relation;
  return capUnderProjects(open, cap, paged?.after);
}
