import { assertNever, invariant } from '@drops/diagnostics';
import { pathText, type Json } from '@drops/ir';
import type { Operation, OperationResult } from '@drops/store';
import { showWritten } from '../row.js';

/** What one operation answers, alone or inside a bulk. `tells`: the writer may read there, so a counter says its value. */
export function showResult(operation: Operation, result: OperationResult, tells: boolean): Json {
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
      return { route, key, field: pathText(path), ...(tells && { value: result.value }) };
    }
    default:
      return assertNever(result);
  }
}
