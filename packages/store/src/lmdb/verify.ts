import type { VerifyReport } from '../store.js';
import { u48, readU48 } from './binary-keys.js';
import { createLink } from '../log/chain.js';
import { sha256 } from '../log/commitment.js';
import type { Environment, Reader } from './environment.js';
import { readHead } from './head.js';
import { commitmentAt, isBodyless, keyAt, readPlace, timeOf } from '../log/log-record.js';
import { createMountainRange, type MountainRange } from '../log/mountain-range.js';
import type { Routes } from './routes.js';

interface Progress {
  checked: number;
  tx: number;
  time: number;
  link: Buffer;
  readonly range: MountainRange;
}

/** `tx 12: users @alice`, as far as the damage lets it be told. */
function nameOf(routes: Routes, reader: Reader, tx: number, header: Buffer): string {
  const { routeId, key } = readPlace(header);
  const route = routes.byId(reader, routeId)?.path ?? `route ${routeId}`;
  return `tx ${tx}: ${route}${key === null ? '' : ` @${key}`}`;
}

/** What is wrong with the payload of a record, if anything. */
function payloadProblem(
  environment: Environment,
  reader: Reader,
  tx: number,
  header: Buffer,
): string | undefined {
  const payload = reader.get(environment.payloads, u48(tx));
  if (isBodyless(header)) return payload ? 'a payload where none was written' : undefined;
  if (!payload) return 'its payload is missing';
  const same = sha256(payload).equals(header.subarray(commitmentAt, commitmentAt + 32));
  return same ? undefined : 'payload does not match its commitment';
}

/** Checks the records of one link. */
function checkLink(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  progress: Progress,
  lastTx: number,
  expected: Buffer,
): string | undefined {
  const link = createLink(progress.link);
  const first = progress.tx + 1;
  for (const { key, value: header } of reader.range(environment.log, {
    start: u48(first),
    end: u48(lastTx + 1),
  })) {
    const tx = readU48(key, 0);
    if (tx !== progress.tx + 1) return `tx ${progress.tx + 1} is missing from the log`;
    if (header.length < keyAt) return `tx ${tx}: its header is cut short`;
    const problem = payloadProblem(environment, reader, tx, header);
    if (problem !== undefined) return `${nameOf(routes, reader, tx, header)}: ${problem}`;
    link.add(tx, header, routes.byId(reader, readPlace(header).routeId)?.path ?? '');
    progress.tx = tx;
    progress.time = timeOf(header);
    progress.checked += 1;
  }
  if (progress.tx !== lastTx) return `tx ${progress.tx + 1} is missing from the log`;
  if (!link.link().equals(expected))
    return `tx ${first} to ${lastTx}: headers do not match the link of their commit`;
  progress.link = expected;
  progress.range.add(expected);
  return undefined;
}

function checkAll(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  progress: Progress,
): string | undefined {
  const head = readHead(environment, reader);
  for (const { key, value } of reader.range(environment.chain, { start: '', end: '\xff' })) {
    const lastTx = readU48(key, 0);
    const problem = checkLink(environment, routes, reader, progress, lastTx, value);
    if (problem !== undefined) return problem;
  }
  const [after] = reader.keys(environment.log, { start: u48(progress.tx + 1), end: '\xff', limit: 1 });
  if (after !== undefined) return `tx ${readU48(after, 0)} has no link`;
  const [stray] = reader.keys(environment.payloads, { start: u48(progress.tx + 1), end: '\xff', limit: 1 });
  if (stray !== undefined) return `tx ${readU48(stray, 0)} has a payload but is not in the log`;
  if (head.tx !== progress.tx) return `the head says tx ${head.tx}, the chain ends at tx ${progress.tx}`;
  if (!head.link.equals(progress.link)) return `the link of the head is not the link of tx ${progress.tx}`;
  if (head.time !== progress.time) return `the time of the head is not the time of tx ${progress.tx}`;
  return undefined;
}

/** Recomputes every commitment and every link, and names the first that does not hold. */
export function verifyStore(environment: Environment, routes: Routes, reader: Reader): VerifyReport {
  const progress: Progress = {
    checked: 0,
    tx: 0,
    time: 0,
    link: Buffer.alloc(32),
    range: createMountainRange(),
  };
  const problem = checkAll(environment, routes, reader, progress);
  const { tx, link } = readHead(environment, reader);
  const report = {
    ok: problem === undefined,
    checked: progress.checked,
    head: tx,
    link: link.toString('hex'),
    root: progress.range.root().toString('hex'),
  };
  return problem === undefined ? report : { ...report, problem };
}
