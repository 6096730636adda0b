import { assertNever, fail } from '@drops/diagnostics';
import {
  putOf,
  type Batch,
  type Increment,
  type Put,
  type WriteCondition,
  type WriteOperation,
} from '@drops/ir';
import type { Add, Bulk, Remove, Save, Update, Write, WriteCondition as ConditionNode } from '@drops/syntax';
import { lowerSingleRoute } from '../routes.js';
import { lowerKey, lowerNumber, lowerValue } from '../values.js';

/** Most operations in one bulk. */
const maxBulk = 1000;

/** One write as a plan: save, update, remove, add. */
export function lowerWrite(node: Write): WriteOperation {
  switch (node.kind) {
    case 'Save':
      return lowerPut(node, node.key ? 'replace' : 'append');
    case 'Update':
      return lowerPut(node, 'merge');
    case 'Remove':
      return lowerRemove(node);
    case 'Add':
      return lowerAdd(node);
    default:
      return assertNever(node);
  }
}

function lowerPut(node: Save | Update, mode: Put['mode']): WriteOperation {
  const { options, span } = node;
  const route = lowerSingleRoute(node.route, node.kind === 'Save' ? 'save' : 'update');
  const put: Put = {
    kind: 'Put',
    route,
    ...(node.key && { key: lowerKey(node.key) }),
    payload: lowerValue(node.payload),
    mode,
    ...(options.keep && { ttl: lowerNumber(options.keep, 'seconds', 'keep') }),
    ...(options.price && { price: lowerNumber(options.price, 'price', 'price') }),
    open: options.open === true,
    ...(options.condition && { condition: lowerCondition(options.condition) }),
    span,
  };
  if (put.condition && put.key === undefined) {
    fail('KEY_REQUIRED', 'a condition looks at an entity, so it needs a key', { span: put.condition.span });
  }
  const { payload } = put;
  if (payload.kind === 'List' && mode === 'merge') {
    fail('TYPE_ERROR', 'update needs an object; found a list', { span: payload.span });
  }
  return payload.kind === 'Lit' ? putOf(put, payload.value) : put;
}

/** `if version = 3`, `if absent`. */
function lowerCondition(node: ConditionNode): WriteCondition {
  if (node.kind === 'IfAbsent') return { kind: 'IfAbsent', span: node.span };
  return { kind: 'IfVersion', version: lowerNumber(node.version, 'version', 'version'), span: node.span };
}

function lowerRemove(node: Remove): WriteOperation {
  return {
    kind: 'Delete',
    route: lowerSingleRoute(node.route, 'remove'),
    key: lowerKey(node.key),
    ...(node.condition && { condition: lowerCondition(node.condition) }),
    span: node.span,
  };
}

function lowerAdd(node: Add): Increment {
  return {
    kind: 'Increment',
    route: lowerSingleRoute(node.route, node.negative ? 'subtract' : 'add'),
    key: lowerKey(node.key),
    path: node.field.path,
    delta: lowerNumber(node.amount, 'delta', 'the amount'),
    negative: node.negative,
    span: node.span,
  };
}

/** `bulk (…)`: all or nothing. BATCH_TOO_LARGE at the first operation too many. */
export function lowerBulk(node: Bulk): Batch {
  const extra = node.writes[maxBulk];
  if (extra) {
    fail('BATCH_TOO_LARGE', `a bulk holds at most ${maxBulk} operations, this one ${node.writes.length}`, {
      span: extra.span,
    });
  }
  return { kind: 'Batch', operations: node.writes.map(lowerWrite), span: node.span };
}
