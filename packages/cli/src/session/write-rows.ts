import type { NewDrop } from '@drops/engine';
import type { DropRow, ImportPart } from '../import/import-part.js';
import { CommandFailure } from '../failures.js';
import { failureOf } from '../present/failure.js';
import { blamedIn } from './bulk.js';
import { createSpool, type Spool } from './spool.js';
import type { Session } from './session.js';

/** What is told while rows are written. */
export interface WriteListener {
  written(part: ImportPart, rows: number): void;
  rejected(part: ImportPart, line: number, reason: string): void;
  expired(part: ImportPart): void;
}

/** A write is sent at so many rows, or characters of their payloads. */
const batchLimits = { rows: 1000, characters: 4_000_000 } as const;

function newDrop({ key, payload, price, expiresAt }: DropRow): NewDrop {
  return {
    key,
    payload,
    ...(price !== undefined && { price }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** The rows of a part that are to be written; what else is found is told. */
async function* dropsOf(part: ImportPart, listener: WriteListener): AsyncGenerator<DropRow> {
  for await (const row of part.rows()) {
    if (row.kind === 'drop') yield row;
    else if (row.kind === 'expired') listener.expired(part);
    else listener.rejected(part, row.line, row.reason);
  }
}

/** Writes a batch; rows that are refused are told, and all others written. */
async function writeBatch(
  session: Session,
  part: ImportPart,
  rows: readonly DropRow[],
  listener: WriteListener,
): Promise<void> {
  let rest = rows;
  // After a refusal less is tried at once: what follows a bad row is often bad too.
  let size = rest.length;
  while (rest.length > 0) {
    const tried = rest.slice(0, size);
    const reply = await session.write(part.route, tried.map(newDrop));
    if (reply.status === 200) {
      listener.written(part, tried.length);
      rest = rest.slice(tried.length);
      size *= 2;
      continue;
    }
    const blamed = blamedIn(reply);
    if (!blamed) throw new CommandFailure('', [failureOf(reply.body)]);
    const { index, reason } = blamed;
    const before = tried.slice(0, index);
    if (before.length > 0) await writeBatch(session, part, before, listener);
    listener.rejected(part, rest[index]?.line ?? 0, reason);
    rest = rest.slice(index + 1);
    size = Math.max(1, Math.floor(size / 4));
  }
}

/** Writes rows as they are read, in batches; what is rejected is told and left out. */
export async function writeRows(
  session: Session,
  parts: readonly ImportPart[],
  listener: WriteListener,
): Promise<void> {
  for (const part of parts) {
    let batch: DropRow[] = [];
    let characters = 0;
    for await (const row of dropsOf(part, listener)) {
      batch.push(row);
      characters += JSON.stringify(row.payload).length;
      if (batch.length < batchLimits.rows && characters < batchLimits.characters) continue;
      await writeBatch(session, part, batch, listener);
      batch = [];
      characters = 0;
    }
    await writeBatch(session, part, batch, listener);
  }
}

/** Writes what a spool holds in one commit; what the store refuses is told with its line. */
async function writeSpool(
  session: Session,
  parts: readonly ImportPart[],
  spool: Spool,
  listener: WriteListener,
): Promise<void> {
  const refusals = new Map<number, string>();
  function* drops() {
    for (const { part, row } of spool.rows()) {
      const { route } = partAt(parts, part);
      yield { ...newDrop(row), route };
    }
  }
  const reply = await session.writeTogether({
    routes: parts.map(({ route }) => route),
    drops,
    count: spool.count,
    refused: (index, reason) => refusals.set(index, reason),
  });
  if (reply.status !== 200) throw new CommandFailure('', [failureOf(reply.body)]);
  if (refusals.size === 0) {
    for (const [i, part] of parts.entries()) listener.written(part, spool.countOf(i));
    return;
  }
  let index = 0;
  for (const { part, row } of spool.rows()) {
    const reason = refusals.get(index);
    if (reason !== undefined) listener.rejected(partAt(parts, part), row.line, reason);
    index += 1;
  }
}

function partAt(parts: readonly ImportPart[], index: number): ImportPart {
  const part = parts[index];
  if (!part) throw new Error(`there is no part ${index}`);
  return part;
}

/**
 * Writes all rows in one commit, or none when one of them is rejected. Rows are judged first and wait in a temporary
 * file meanwhile, so that memory does not grow with their number.
 */
export async function writeRowsTogether(
  session: Session,
  parts: readonly ImportPart[],
  listener: WriteListener,
): Promise<void> {
  const spool = createSpool();
  try {
    let rejected = 0;
    const counting: WriteListener = {
      ...listener,
      rejected(...what) {
        rejected += 1;
        listener.rejected(...what);
      },
    };
    for (const [i, part] of parts.entries()) {
      for await (const row of dropsOf(part, counting)) spool.add(i, row);
    }
    if (rejected === 0 && spool.count > 0) await writeSpool(session, parts, spool, listener);
  } finally {
    spool.remove();
  }
}
