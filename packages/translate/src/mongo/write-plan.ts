import type { DefineView, ForEach, Plan, Query } from '@drops/ir';
import { answerPipeline, buildPipeline } from './build-pipeline.js';
import { collectionName, collectionText, type MongoContext } from './context.js';
import { scriptOf, type MongoObject } from './script.js';
import { sentences } from '../sentences.js';
import { withoutLimit } from '../without-limit.js';
import { writeOperation } from './write-operation.js';

/** A plan as statements for mongosh. UNSUPPORTED for what they cannot say. */
export function writePlan(context: MongoContext, plan: Plan): readonly string[] {
  switch (plan.kind) {
    case 'Query':
      return [writeQuery(context, plan)];
    case 'Put':
    case 'Delete':
    case 'Increment':
      return [writeOperation(context, plan)];
    case 'Batch':
      return context.refuse('bulk', 'writes that hold together need a session of a replica set', plan.span);
    case 'ForEach':
      return [writeForEach(context, plan)];
    case 'DefineView':
      return writeView(context, plan);
    case 'Invoke':
      return context.refuse(`${plan.service} ${plan.verb}`, 'a database does not do that', plan.span);
    default:
      return context.refuse(
        sentences[plan.kind],
        'it is no question about the documents of a collection',
        plan.span,
      );
  }
}

function aggregate(collection: string, stages: readonly MongoObject[]): string {
  return `db.getCollection(${JSON.stringify(collection)}).aggregate(${scriptOf(stages)})`;
}

function writeQuery(context: MongoContext, query: Query): string {
  if (query.shape === 'versions')
    context.refuse('history', 'a collection holds the current documents only', query.span);
  const one = query.shape === 'drop';
  const { collection, stages } = answerPipeline(
    context,
    one ? withoutLimit(query.relation) : query.relation,
    !one,
  );
  return aggregate(collection, stages);
}

/** `db.createView`, which takes no name that is there. */
function writeView(context: MongoContext, view: DefineView): readonly string[] {
  const { collection, stages } = answerPipeline(context, view.relation);
  const name = collectionName(context, view.name, view.span);
  return [
    `${collectionText(context, view.name, view.span)}.drop()`,
    `db.createView(${JSON.stringify(name)}, ${JSON.stringify(collection)}, ${scriptOf(stages)})`,
  ];
}

function writeForEach(context: MongoContext, node: ForEach): string {
  const { effect } = node;
  switch (effect.kind) {
    case 'RemoveEach':
      return writeRemove(context, node);
    case 'SaveEach':
    case 'SaveAll':
      return context.refuse('a save of the rows found', 'it has no key and time for them', effect.span);
    case 'InvokeEach':
      return context.refuse(`${effect.service} ${effect.verb}`, 'a database does not do that', effect.span);
  }
}

/** `deleteMany` of the documents a query finds; of a part of them by `_id`. */
function writeRemove(context: MongoContext, node: ForEach): string {
  const { collection, row, stages } = buildPipeline(context, node.input);
  if (row.kind !== 'drop')
    return context.refuse('a removal of these rows', 'they are no documents of one collection', node.span);
  const target = `db.getCollection(${JSON.stringify(collection)})`;
  const tests = stages.map((s) => s['$match']);
  if (tests.every((t) => t !== undefined)) {
    const [only] = tests;
    return `${target}.deleteMany(${scriptOf(only === undefined ? {} : tests.length === 1 ? only : { $and: tests })})`;
  }
  context.fidelity.approximate('another writer may come between the look-up and the removal');
  const found = aggregate(collection, [...stages, { $project: { _id: 1 } }]);
  return `${target}.deleteMany({ _id: { $in: ${found}.toArray().map((found) => found._id) } })`;
}
