import { createLink } from '../log/chain.js';
import { saltLength, sha256, writeSalt } from '../log/commitment.js';
import { commitmentAt, headerLimit, writeHeader } from '../log/log-record.js';
import type { Draft } from '../writing/draft.js';

/** What a record shares with those of its unit. */
export interface UnitFacts {
  readonly time: number;
  /** Public id. */
  readonly writer: string | null;
  readonly lastTx: number;
}

/** A record as the log and the payloads take it. */
export interface WrittenRecord extends UnitFacts {
  readonly draft: Draft;
  readonly routeId: number;
  readonly header: Buffer;
  readonly content: Buffer | undefined;
  readonly commitment: Buffer;
}

const scratch = Buffer.allocUnsafeSlow(headerLimit);

function contentOf({ body }: Draft): Buffer | undefined {
  if (!body) return undefined;
  const content = Buffer.allocUnsafe(saltLength + body.bytes);
  writeSalt(content, 0);
  content.write(body.text, saltLength, 'utf8');
  return content;
}

/** The bytes of a record; its draft gets its commitment. */
export function writeRecord(draft: Draft, routeId: number, unit: UnitFacts): WrittenRecord {
  const { kind, key, version, expiresAt, price, target, body } = draft;
  const { time, writer, lastTx } = unit;
  const content = contentOf(draft);
  const commitment = content ? sha256(content) : Buffer.alloc(32);
  draft.commitment = commitment;
  const header = { kind, lastTx, routeId, key, version, time, expiresAt, writer, price, target };
  const end = writeHeader(scratch, header, body === undefined);
  commitment.copy(scratch, commitmentAt);
  return { ...unit, draft, routeId, header: Buffer.from(scratch.subarray(0, end)), content, commitment };
}

/** The link of a group of records after `previous`. */
export function linkOf(previous: Buffer, records: readonly WrittenRecord[]): Buffer {
  const link = createLink(previous);
  for (const { draft, header } of records) link.add(draft.tx, header, draft.route);
  return link.link();
}
