import { assertNever, fail, invariant } from '@drops/diagnostics';
import {
  isObject,
  type Delete,
  type Json,
  type NumberArgument,
  type Put,
  type TextArgument,
  type WriteCondition,
  type WriteOperation,
} from '@drops/ir';
import type { DeleteOperation, Operation, Precondition } from '@drops/store';
import { constantValue, type ExpressionContext } from '../expressions/compile.js';

function numberOf(value: NumberArgument): number {
  invariant(typeof value === 'number', 'a parameter in a bound plan');
  return value;
}

/** A text of a bound plan. */
export function textOf(value: TextArgument): string {
  invariant(typeof value === 'string', 'a parameter in a bound plan');
  return value;
}

function preconditionOf(condition: WriteCondition | undefined): Precondition | undefined {
  if (!condition) return undefined;
  return condition.kind === 'IfAbsent'
    ? { kind: 'absent' }
    : { kind: 'version', version: numberOf(condition.version) };
}

function optionsOf(put: Put) {
  const precondition = preconditionOf(put.condition);
  return {
    ...(put.ttl !== undefined && { ttl: numberOf(put.ttl) }),
    ...(put.price !== undefined && { price: numberOf(put.price) }),
    ...(precondition && { precondition }),
  };
}

function deletion(plan: Pick<Delete, 'route' | 'condition'>, key: string): DeleteOperation {
  const precondition = preconditionOf(plan.condition);
  return { kind: 'delete', route: plan.route, key, ...(precondition && { precondition }) };
}

function putOperation(put: Put, payload: Json): Operation {
  const key = put.key === undefined ? null : textOf(put.key);
  if (payload === null) {
    if (key === null)
      fail('KEY_REQUIRED', 'null removes an entity, so it needs a key', { span: put.payload.span });
    return deletion(put, key);
  }
  if (put.mode !== 'merge') return { kind: 'put', route: put.route, key, payload, ...optionsOf(put) };
  invariant(key !== null, 'an update without a key');
  if (!isObject(payload)) fail('TYPE_ERROR', 'update needs an object', { span: put.payload.span });
  return { kind: 'merge', route: put.route, key, changes: payload, ...optionsOf(put) };
}

/** A bound write as the operation that the store commits. */
export function toOperation(write: WriteOperation, context: ExpressionContext): Operation {
  switch (write.kind) {
    case 'Put':
      return putOperation(write, constantValue(write.payload, context));
    case 'Delete':
      return deletion(write, textOf(write.key));
    case 'Increment': {
      const { route, path } = write;
      const amount = numberOf(write.delta);
      const delta = write.negative ? -amount : amount;
      return { kind: 'increment', route, key: textOf(write.key), path, delta: delta === 0 ? 0 : delta };
    }
    default:
      return assertNever(write);
  }
}
