import { assertNever } from '@drops/diagnostics';
import {
  conjuncts,
  isRelation,
  walk,
  type Expression,
  type Field,
  type Filter,
  type InQuery,
  type Join,
  type NumberArgument,
  type Relation,
  type Scan,
  type Slice,
} from '@drops/ir';
import { argumentValue, collectionName, type Answers, type MongoContext } from './context.js';
import { groupStages } from './group.js';
import { makeWriter } from './make-writer.js';
import { naturalStages, sortStages } from './order.js';
import { showStages } from './show.js';
import type { MongoRow } from './rows.js';
import type { MongoObject, MongoValue } from './script.js';
import { allOf } from './writer.js';

/** A pipeline as far as it is written, and what its documents stand for. */
export interface Pipeline {
  readonly collection: string;
  readonly stages: readonly MongoObject[];
  readonly row: MongoRow;
  /** Its documents come in the order of the rows. */
  readonly ordered: boolean;
}

/** A relation as the stages of an aggregation. UNSUPPORTED for what no collection holds. */
export function buildPipeline(context: MongoContext, relation: Relation): Pipeline {
  switch (relation.kind) {
    case 'Scan':
      return scan(context, relation);
    case 'Search':
      return context.refuse('search', 'ranking is done by the indexes of a Drops store', relation.span);
    case 'FacetScan':
      return context.refuse('primitives', 'they are looked up across every route', relation.span);
    case 'Filter':
      return filter(context, relation);
    case 'Project': {
      const below = buildPipeline(context, relation.input);
      const columns = new Map<string, Expression>(relation.items.map((i) => [i.as, i.expression]));
      return { ...below, row: { kind: 'flat', below: below.row, star: relation.star, columns } };
    }
    case 'Sort': {
      const input = buildPipeline(context, relation.input);
      const writer = makeWriter(context, input.row);
      return { ...input, stages: [...input.stages, ...sortStages(writer, relation.keys)], ordered: true };
    }
    case 'Slice':
      return slice(context, relation);
    case 'Group': {
      const input = buildPipeline(context, relation.input);
      const { row, stages } = groupStages(relation, makeWriter(context, input.row));
      return { ...input, stages: [...input.stages, ...stages], row, ordered: relation.by === null };
    }
    case 'Join':
      return join(context, relation);
    default:
      return assertNever(relation);
  }
}

function scan(context: MongoContext, node: Scan): Pipeline {
  const { route, span } = node;
  if (node.subtree) context.refuse(`${route}/*`, 'the collections below a route are not known', span);
  if (node.versions === 'history')
    context.refuse('history', 'a collection holds the current documents only', span);
  if (node.asOf) context.refuse('as of', 'a collection holds the current documents only', node.asOf.span);
  const keyed: MongoObject = { $match: { $expr: { $eq: [{ $type: '$_key' }, 'string'] } } };
  return {
    collection: collectionName(context, route, span),
    stages: node.rows === 'entities' ? [keyed] : [],
    row: { kind: 'drop', route },
    ordered: false,
  };
}

/** The documents in the order of the rows. */
export function inOrder(context: MongoContext, pipeline: Pipeline): Pipeline {
  if (pipeline.ordered) return pipeline;
  const stages = naturalStages(makeWriter(context, pipeline.row));
  return { ...pipeline, stages: [...pipeline.stages, ...stages], ordered: true };
}

/** The sub-queries of a condition, but not those inside of them. */
function subqueries(predicate: Expression): readonly InQuery[] {
  const found: InQuery[] = [];
  walk(predicate, (node) => {
    if (isRelation(node)) return 'skip';
    if (node.kind === 'InQuery') found.push(node);
    return undefined;
  });
  return found;
}

function filter(context: MongoContext, node: Filter): Pipeline {
  const input = buildPipeline(context, node.input);
  const queries = subqueries(node.predicate);
  const base = queries.length > 0 ? 'row' : '';
  const answers: Answers = new Map(queries.map((q, i): [InQuery, MongoValue] => [q, `$q${i}.v`]));
  const writer = makeWriter(context, input.row, base, answers);
  const test = allOf(conjuncts(node.predicate).map((t) => writer.condition(t)));
  const match: MongoObject = { $match: { $expr: test } };
  const stages =
    queries.length === 0
      ? [match]
      : [
          { $replaceWith: { row: '$$ROOT' } },
          ...queries.map((q, i) => lookUp(context, q.query, `q${i}`)),
          match,
          { $replaceWith: '$row' },
        ];
  return { ...input, stages: [...input.stages, ...stages] };
}

/** `$lookup` of the values of a sub-query: it names nothing outside, so it is answered once. */
function lookUp(context: MongoContext, query: Relation, as: string): MongoObject {
  const { collection, row, stages } = buildPipeline(context, query);
  const values: MongoObject = { $replaceWith: { v: firstColumn(context, query, row) } };
  return { $lookup: { from: collection, pipeline: [...stages, values], as } };
}

function firstColumn(context: MongoContext, query: Relation, row: MongoRow): MongoValue {
  const writer = makeWriter(context, row);
  const column = (name: string, span: Field['span']): MongoValue => {
    const field: Field = { kind: 'Field', scope: 'column', path: [name], type: 'unknown', span };
    return { $ifNull: [writer.value(field), null] };
  };
  const [name] = row.kind === 'flat' || row.kind === 'group' ? row.columns.keys() : [];
  if (name === undefined || (row.kind === 'flat' && row.star)) {
    return context.refuse('this sub-query', 'its first column is not known', query.span, 'pick one field');
  }
  return column(name, query.span);
}

function slice(context: MongoContext, node: Slice): Pipeline {
  if (node.after !== undefined) {
    context.refuse('a cursor', 'cursors belong to a Drops store', node.span, 'use skip instead');
  }
  const input = inOrder(context, buildPipeline(context, node.input));
  const number = (n: NumberArgument): MongoValue => argumentValue(context, n, node.span);
  const stages: MongoObject[] = [...input.stages];
  if (node.offset !== 0) stages.push({ $skip: number(node.offset) });
  // `$limit` takes no 0.
  if (node.limit === 0) stages.push({ $match: { $expr: false } });
  else if (node.limit !== undefined) stages.push({ $limit: number(node.limit) });
  return { ...input, stages };
}

function join(context: MongoContext, node: Join): Pipeline {
  const sides = [buildPipeline(context, node.left), buildPipeline(context, node.right)] as const;
  // Pairs of unsorted sides are sorted together, if anything comes to ask for an order.
  const ordered = sides.some((side) => side.ordered);
  const [left, right] = ordered ? [inOrder(context, sides[0]), inOrder(context, sides[1])] : sides;
  if (right.row.kind !== 'drop') {
    return context.refuse('this join', 'its right side is no collection', node.span);
  }
  const outer = makeWriter(context, left.row, 'l');
  const inner = makeWriter(context, right.row);
  const variables: Record<string, MongoValue> = {};
  const tests = node.on.flatMap((pair, i): readonly MongoValue[] => {
    variables[`on${i}`] = { $ifNull: [outer.value(pair.left), null] };
    if (outer.isComposite(pair.left) && inner.isComposite(pair.right)) {
      context.fidelity.schema('objects are equal only when their members stand in the same order');
    }
    return [{ $ne: [`$$on${i}`, null] }, { $eq: [recordField(context, pair.right, right.row), `$$on${i}`] }];
  });
  const match: MongoObject = { $match: { $expr: allOf(tests) } };
  return {
    collection: left.collection,
    stages: [
      ...left.stages,
      { $replaceWith: { l: '$$ROOT' } },
      {
        $lookup: {
          from: right.collection,
          let: variables,
          // First where it changes nothing, so that it can use an index.
          pipeline: isSliced(node.right) ? [...right.stages, match] : [match, ...right.stages],
          as: 'r',
        },
      },
      { $unwind: { path: '$r', preserveNullAndEmptyArrays: node.join === 'left' } },
    ],
    row: { kind: 'joined', left: left.row, right: right.row },
    ordered,
  };
}

function isSliced(relation: Relation): boolean {
  return relation.kind === 'Slice' || ('input' in relation && isSliced(relation.input));
}

/** The right field of a join condition, among the names of the record. */
function recordField(context: MongoContext, field: Field, row: MongoRow): MongoValue {
  const isKey = field.path.length === 1 && field.path[0] === 'key';
  if (field.scope === 'system' && !isKey) {
    context.refuse('this join', 'the joined record has no such column', field.span);
  }
  return makeWriter(context, row).value({ ...field, scope: isKey ? 'system' : 'payload' });
}

/** The whole pipeline of a question: its rows in order, in the form that is shown. */
export function answerPipeline(context: MongoContext, relation: Relation, order = true): Pipeline {
  const built = buildPipeline(context, relation);
  const pipeline = order ? inOrder(context, built) : built;
  const shown = showStages(makeWriter(context, pipeline.row));
  return { ...pipeline, stages: [...pipeline.stages, ...shown] };
}
