import type { ExecutionContext, QueryTemplate } from '@drops/executor';
import type { Snapshot } from '@drops/store';
import type { Caller } from './caller.js';
import { writerOf } from './gate.js';
import type { Host } from './host.js';

/** What the executor needs to know of this request. */
export function executionContext(
  host: Host,
  snapshot: Snapshot,
  caller: Caller,
  template?: QueryTemplate,
): ExecutionContext {
  return {
    store: host.store,
    snapshot,
    writer: writerOf(caller.identity),
    rules: host.optimise,
    template,
    onMissingIndex: host.automaticIndexes.note,
    signal: caller.signal,
  };
}
