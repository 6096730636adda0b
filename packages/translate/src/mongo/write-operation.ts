import { assertNever } from '@drops/diagnostics';
import {
  type Delete,
  type Expression,
  type Increment,
  type Put,
  type TextArgument,
  type WriteOperation,
} from '@drops/ir';
import {
  argumentValue,
  checked,
  checkedName,
  collectionText,
  variable,
  type MongoContext,
} from './context.js';
import { payloadMembers } from '../payload-members.js';
import { codeOf, scriptOf, type MongoObject, type MongoValue } from './script.js';

const now = codeOf('new Date().toISOString()');
const uniqueKey = '_key has a unique index';

/** A write on one document, without the closing semicolon. */
export function writeOperation(context: MongoContext, node: WriteOperation): string {
  switch (node.kind) {
    case 'Put':
      return writePut(context, node);
    case 'Delete':
      return writeDelete(context, node);
    case 'Increment':
      return writeIncrement(context, node);
    default:
      return assertNever(node);
  }
}

function call(
  context: MongoContext,
  node: WriteOperation,
  method: string,
  ...args: readonly MongoValue[]
): string {
  const collection = collectionText(context, node.route, node.span);
  return `${collection}.${method}(${args.map((a) => scriptOf(a)).join(', ')})`;
}

const byKey = (context: MongoContext, key: TextArgument, node: WriteOperation): MongoObject => ({
  _key: argumentValue(context, key, node.span),
});

function checkOptions(context: MongoContext, put: Put): void {
  if (put.ttl !== undefined) context.refuse('keep', 'the documents have no field for an expiry', put.span);
  if (put.price !== undefined) context.refuse('price', 'the documents have no field for a price', put.span);
  if (put.open) context.refuse('public', 'access is no matter of the collection', put.span);
  if (put.condition?.kind === 'IfVersion') {
    context.refuse('if version', 'the documents have no field for a version', put.condition.span);
  }
}

function writePut(context: MongoContext, put: Put): string {
  checkOptions(context, put);
  const fields = payloadFields(context, put.payload);
  if (put.mode === 'merge' && put.key !== undefined) return writeMerge(context, put, put.key, fields);
  const key = put.key === undefined ? null : argumentValue(context, put.key, put.span);
  const document = Object.fromEntries<MongoValue>([['_key', key], ['_created_at', now], ...fields]);
  if (put.key === undefined) return call(context, put, 'insertOne', document);
  context.fidelity.schema(uniqueKey);
  // A second document of the same key is refused by the index: that is the conflict.
  if (put.condition?.kind === 'IfAbsent') return call(context, put, 'insertOne', document);
  return call(context, put, 'replaceOne', byKey(context, put.key, put), document, { upsert: true });
}

/** `update`: the named fields change, null takes one away. */
function writeMerge(
  context: MongoContext,
  put: Put,
  key: TextArgument,
  fields: readonly (readonly [string, MongoValue])[],
): string {
  if (put.condition) context.refuse('if absent', 'an update needs a document', put.condition.span);
  for (const [name] of fields) checkUpdatedName(context, name, put);
  const set = Object.fromEntries<MongoValue>([
    ...fields.filter(([, value]) => value !== null),
    ['_created_at', now],
  ]);
  const gone = fields.filter(([, value]) => value === null).map(([name]): [string, MongoValue] => [name, '']);
  context.fidelity.schema('an update of what is not there changes nothing instead of failing');
  return call(context, put, 'updateOne', byKey(context, key, put), {
    $set: set,
    ...(gone.length > 0 && { $unset: Object.fromEntries(gone) }),
  });
}

/** An update reads dots as paths. */
function checkUpdatedName(context: MongoContext, name: string, node: WriteOperation): void {
  if (name === '' || name.includes('.')) {
    context.refuse(`an update of the field "${name}"`, 'an update reads its name as a path', node.span);
  }
}

function writeDelete(context: MongoContext, node: Delete): string {
  if (node.condition) {
    context.refuse('this condition', 'the documents have no field for a version', node.condition.span);
  }
  context.fidelity.schema('removing what is not there does nothing instead of failing');
  return call(context, node, 'deleteOne', byKey(context, node.key, node));
}

/** `add`: the document is made when it is not there, the field counts from 0. */
function writeIncrement(context: MongoContext, node: Increment): string {
  const names = node.path.map((step) => {
    if (typeof step === 'number') {
      return context.refuse('a counter inside a list', 'an upsert would make an object of it', node.span);
    }
    checkUpdatedName(context, step, node);
    checkFieldNames(context, [step], node.span);
    return checkedName(context, step, node.span);
  });
  if (typeof node.delta !== 'number' && node.negative) {
    context.refuse('this parameter', 'its value has to be known to count down', node.delta.span);
  }
  const delta: MongoValue =
    typeof node.delta === 'number'
      ? node.negative
        ? 0 - node.delta
        : node.delta
      : variable(context, node.delta.name);
  context.fidelity.schema(uniqueKey);
  return call(
    context,
    node,
    'updateOne',
    byKey(context, node.key, node),
    { $inc: { [names.join('.')]: delta }, $setOnInsert: { _created_at: now } },
    { upsert: true },
  );
}

const reserved: ReadonlySet<string> = new Set(['_id', '_key', '_created_at']);

function checkFieldNames(context: MongoContext, names: readonly string[], span: Expression['span']): void {
  for (const name of names) {
    checkedName(context, name, span);
    if (reserved.has(name)) context.refuse(`the field ${name}`, 'the document has one of its own', span);
    if (name.startsWith('$')) context.refuse(`the field ${name}`, 'it reads $ as an operator', span);
  }
}

/** The fields of the document; a payload that is no object is the field `payload`. */
function payloadFields(
  context: MongoContext,
  payload: Expression,
): readonly (readonly [string, MongoValue])[] {
  const fields = membersOf(context, payload);
  checkFieldNames(
    context,
    fields.map(([name]) => name),
    payload.span,
  );
  return fields;
}

function membersOf(context: MongoContext, payload: Expression): readonly (readonly [string, MongoValue])[] {
  if (payload.kind === 'Lit') checked(context, payload.value, payload.span);
  return payloadMembers(payload, context.refuse).map(([name, of]) => [
    name,
    payload.kind === 'Lit' && of.kind === 'Lit' ? of.value : memberValue(context, of),
  ]);
}

function memberValue(context: MongoContext, of: Expression): MongoValue {
  if (of.kind === 'Param') return variable(context, of.name);
  if (of.kind === 'Lit') return checked(context, of.value, of.span);
  return context.refuse('this value', 'it holds a parameter without a value', of.span);
}
