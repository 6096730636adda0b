import type { Json } from '@drops/diagnostics';
import type { NewDrop, Reply } from '@drops/engine';
import type { ImportRow } from '@drops/transfer';
import { CommandFailure } from '../failures.js';
import { failureOf } from '../present/failure.js';
import type { Session } from './session.js';

type DropRow = Extract<ImportRow, { readonly kind: 'drop' }>;

/** What is told while rows are written. */
export interface WriteListener {
  written(rows: number): void;
  rejected(line: number, reason: string): void;
}

/** A write is sent at so many rows, or characters of their payloads. */
const batchLimits = { rows: 1000, characters: 4_000_000 } as const;

function newDrop({ key, payload, price }: DropRow): NewDrop {
  return { key, payload, ...(price !== undefined && { price }) };
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([found]) => found === name)?.[1];
}

/** Which row of a write the reply blames; without one the failure is of the whole, and ends the command. */
function blamed(reply: Reply): { readonly index: number; readonly reason: string } {
  const error = member(reply.body, 'error');
  const details = member(error, 'details');
  const index = member(Array.isArray(details) ? details[0] : undefined, 'index');
  if (typeof index !== 'number') throw new CommandFailure('', [failureOf(reply.body)]);
  return { index, reason: String(member(error, 'message')) };
}

/** Writes a batch; rows that are refused are told, and all others written. */
async function writeBatch(
  session: Session,
  route: string,
  rows: readonly DropRow[],
  listener: WriteListener,
): Promise<void> {
  let rest = rows;
  // After a refusal less is tried at once: what follows a bad row is often bad too.
  let size = rest.length;
  while (rest.length > 0) {
    const tried = rest.slice(0, size);
    const reply = await session.write(route, tried.map(newDrop));
    if (reply.status === 200) {
      listener.written(tried.length);
      rest = rest.slice(tried.length);
      size *= 2;
      continue;
    }
    const { index, reason } = blamed(reply);
    const before = tried.slice(0, index);
    if (before.length > 0) await writeBatch(session, route, before, listener);
    listener.rejected(rest[index]?.line ?? 0, reason);
    rest = rest.slice(index + 1);
    size = Math.max(1, Math.floor(size / 4));
  }
}

/** Writes rows as they are read, in batches; what is rejected is told and left out. */
export async function writeRows(
  session: Session,
  route: string,
  rows: AsyncIterable<ImportRow>,
  listener: WriteListener,
): Promise<void> {
  let batch: DropRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    if (row.kind === 'rejected') {
      listener.rejected(row.line, row.reason);
      continue;
    }
    batch.push(row);
    characters += JSON.stringify(row.payload).length;
    if (batch.length < batchLimits.rows && characters < batchLimits.characters) continue;
    await writeBatch(session, route, batch, listener);
    batch = [];
    characters = 0;
  }
  await writeBatch(session, route, batch, listener);
}

/** Writes all rows in one commit, or none when one of them is rejected. */
export async function writeRowsTogether(
  session: Session,
  route: string,
  rows: AsyncIterable<ImportRow>,
  listener: WriteListener,
): Promise<void> {
  const all: DropRow[] = [];
  let rejected = 0;
  for await (const row of rows) {
    if (row.kind === 'drop') all.push(row);
    else {
      rejected += 1;
      listener.rejected(row.line, row.reason);
    }
  }
  if (rejected > 0 || all.length === 0) return;
  if (all.length > session.maxWrite) {
    throw new CommandFailure(
      `${all.length} rows found, a server takes at most ${session.maxWrite} in one commit: --atomic on more needs --data`,
    );
  }
  const reply = await session.write(route, all.map(newDrop));
  if (reply.status === 200) return listener.written(all.length);
  const { index, reason } = blamed(reply);
  listener.rejected(all[index]?.line ?? 0, reason);
}
