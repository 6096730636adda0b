import type { VerifyReport } from '../store.js';
import { createLink, linkLength, type LinkBuilder } from './chain.js';
import { sha256 } from './commitment.js';
import { commitmentAt, isBodyless, keyAt, readPlace, timeOf } from './log-record.js';
import { createMountainRange } from './mountain-range.js';

/** A record with its payload, as a store has them. */
export interface CheckedRecord {
  readonly tx: number;
  readonly header: Buffer;
  readonly payload: Buffer | undefined;
  /** The path of its route; undefined when the store knows none by its id. */
  readonly route: string | undefined;
}

/** What the head of a store says. */
export interface CheckedHead {
  readonly tx: number;
  readonly time: number;
  readonly link: Buffer;
}

/** Recomputes commitments and links while records and links come in the order of the log. Each answers what is wrong, if anything. */
export interface ChainCheck {
  record(record: CheckedRecord): string | undefined;
  /** The link that covers the records since the last one. */
  link(lastTx: number, link: Buffer): string | undefined;
  head(head: CheckedHead): string | undefined;
  report(head: CheckedHead, problem: string | undefined): VerifyReport;
  /** The last tx that was checked. */
  readonly tx: number;
}

/** `tx 12: users @alice`, as far as the damage lets it be told. */
function nameOf({ tx, header, route }: CheckedRecord): string {
  const { routeId, key } = readPlace(header);
  return `tx ${tx}: ${route ?? `route ${routeId}`}${key === null ? '' : ` @${key}`}`;
}

/** What is wrong with the payload of a record, if anything. */
function payloadProblem({ header, payload }: CheckedRecord): string | undefined {
  if (isBodyless(header)) return payload ? 'a payload where none was written' : undefined;
  if (!payload) return 'its payload is missing';
  const same = sha256(payload).equals(header.subarray(commitmentAt, commitmentAt + 32));
  return same ? undefined : 'payload does not match its commitment';
}

/** A check from the beginning of the log. */
export function createChainCheck(): ChainCheck {
  const range = createMountainRange();
  let tx = 0;
  let time = 0;
  let checked = 0;
  let last: Buffer = Buffer.alloc(linkLength);
  let first = 1;
  let builder: LinkBuilder = createLink(last);

  return {
    get tx() {
      return tx;
    },
    record(record) {
      const { header } = record;
      if (record.tx !== tx + 1) return `tx ${tx + 1} is missing from the log`;
      if (header.length < keyAt) return `tx ${record.tx}: its header is cut short`;
      const problem = payloadProblem(record);
      if (problem !== undefined) return `${nameOf(record)}: ${problem}`;
      builder.add(record.tx, header, record.route ?? '');
      tx = record.tx;
      time = timeOf(header);
      checked += 1;
      return undefined;
    },
    link(lastTx, link) {
      if (tx !== lastTx) return `tx ${tx + 1} is missing from the log`;
      if (!builder.link().equals(link))
        return `tx ${first} to ${lastTx}: headers do not match the link of their commit`;
      range.add(link);
      last = link;
      first = lastTx + 1;
      builder = createLink(link);
      return undefined;
    },
    head(head) {
      if (head.tx !== tx) return `the head says tx ${head.tx}, the chain ends at tx ${tx}`;
      if (!head.link.equals(last)) return `the link of the head is not the link of tx ${tx}`;
      if (head.time !== time) return `the time of the head is not the time of tx ${tx}`;
      return undefined;
    },
    report(head, problem) {
      const report = {
        ok: problem === undefined,
        checked,
        head: head.tx,
        link: head.link.toString('hex'),
        root: range.root().toString('hex'),
      };
      return problem === undefined ? report : { ...report, problem };
    },
  };
}
