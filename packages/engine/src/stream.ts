import { streamQuery } from '@drops/executor';
import type { Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { callerOf } from './caller.js';
import type { ExecOptions, Reply, RowStream } from './engine.js';
import { streamContext } from './execution-context.js';
import { gate } from './gate.js';
import type { Host } from './host.js';
import { loadParsers } from './prepare.js';
import { failure, soleReply } from './reply.js';

/** Rows of a query; the snapshot is released when the reader is done or goes away. */
async function* released(rows: AsyncIterable<Json>, snapshot: Snapshot): AsyncGenerator<Json> {
  try {
    yield* rows;
  } finally {
    snapshot.release();
  }
}

/**
 * A single find as a stream of its rows, without the row cap. What fails before the first row is a reply with its status;
 * undefined for scripts and other statements.
 */
export async function streamText(
  host: Host,
  text: string,
  options: ExecOptions,
): Promise<RowStream | Reply | undefined> {
  const [statement, ...others] = host.prepare(text);
  if (statement === undefined || others.length > 0) return undefined;
  await loadParsers([statement]);
  let snapshot: Snapshot | undefined;
  let place = (thrown: unknown): unknown => thrown;
  try {
    snapshot = await host.store.snapshot();
    const caller = callerOf(options);
    const ready = statement.ready(snapshot.definitions, caller.params);
    const { plan, effects, template } = ready;
    place = ready.place;
    if (plan.kind !== 'Query' || plan.shape !== 'rows') {
      snapshot.release();
      return undefined;
    }
    const pass = await gate(host, snapshot, { identity: caller.identity, plan, effects });
    const rows = streamQuery(plan, streamContext(host, snapshot, caller, pass, template));
    return { status: 200, rows: released(rows, snapshot) };
  } catch (thrown) {
    snapshot?.release();
    return soleReply(failure(host, place(thrown), text));
  }
}
