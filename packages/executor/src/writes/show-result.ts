import { assertNever, invariant } from '@drops/diagnostics';
import { pathText, type Json } from '@drops/ir';
import type { Operation, OperationResult } from '@drops/store';
import { showWritten } from '../row.js';

/** What one operation answers, alone or inside a bulk. */
export function showResult(operation: Operation, result: OperationResult): Json {
  switch (result.kind) {
    case 'put':
      return showWritten(result.drop);
    case 'delete':
      return { ok: true, removed: 1 };
    case 'hide':
      return { ok: true, removed: result.removed ? 1 : 0 };
    case 'increment': {
      invariant(operation.kind === 'increment', 'a counter value for another operation');
      const { route, key, path } = operation;
      return { route, key, field: pathText(path), value: result.value };
    }
    default:
      return assertNever(result);
  }
}
