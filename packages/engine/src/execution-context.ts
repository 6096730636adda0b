import { isAdministrator, writerOf } from '@drops/access';
import { createBudget, type ExecutionContext, type QueryTemplate } from '@drops/executor';
import type { Snapshot } from '@drops/store';
import type { Caller } from './caller.js';
import type { Pass } from './gate.js';
import type { Host } from './host.js';

/** What the executor needs to know of this request. Every member is always there: a spread in so hot a place makes hidden classes without end. */
export function executionContext(
  host: Host,
  snapshot: Snapshot,
  caller: Caller,
  pass: Pass,
  template?: QueryTemplate,
): ExecutionContext {
  const { limits } = host;
  const time = limits?.time;
  return {
    budget: limits && createBudget(limits),
    deadline: time === undefined ? undefined : Date.now() + time,
    store: pass.store,
    search: host.search,
    vector: caller.vector,
    snapshot,
    visible: pass.visible,
    tells: pass.tells,
    writer: writerOf(pass.identity),
    standing: isAdministrator(pass.identity) ? 'administrator' : pass.identity.kind,
    rules: host.optimise,
    indexes: host.paths,
    columns: host.paths,
    template,
    onMissingIndex: host.automaticIndexes.note,
    signal: caller.signal,
  };
}

/** The same for a stream: it takes the time that its reader takes. */
export function streamContext(
  host: Host,
  snapshot: Snapshot,
  caller: Caller,
  pass: Pass,
  template?: QueryTemplate,
): ExecutionContext {
  const limits = host.limits && { memory: host.limits.memory, rows: host.limits.rows };
  return executionContext({ ...host, limits }, snapshot, caller, pass, template);
}
