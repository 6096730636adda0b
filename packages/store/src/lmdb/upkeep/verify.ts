import { createChainCheck, type ChainCheck } from '../../log/check-chain.js';
import { keyAt, readPlace } from '../../log/log-record.js';
import type { VerifyReport } from '../../store.js';
import { readU48, u48 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { readHead } from '../head.js';
import type { Routes } from '../rows/routes.js';

/** Checks the records up to a tx that share a link. */
function checkRecords(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  check: ChainCheck,
  lastTx: number,
): string | undefined {
  const range = { start: u48(check.tx + 1), end: u48(lastTx + 1) };
  for (const { key, value: header } of reader.range(environment.log, range)) {
    const tx = readU48(key, 0);
    const isWhole = header.length >= keyAt;
    const route = isWhole ? routes.byId(reader, readPlace(header).routeId)?.path : undefined;
    // The bytes of a read are only good until the next one.
    const payload = reader.get(environment.payloads, u48(tx));
    const problem = check.record({ tx, header, payload, route });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkAll(
  environment: Environment,
  routes: Routes,
  reader: Reader,
  check: ChainCheck,
): string | undefined {
  for (const { key, value } of reader.range(environment.chain, { start: '', end: '\xff' })) {
    const lastTx = readU48(key, 0);
    const problem =
      checkRecords(environment, routes, reader, check, lastTx) ?? check.link(lastTx, Buffer.from(value));
    if (problem !== undefined) return problem;
  }
  const [after] = reader.keys(environment.log, { start: u48(check.tx + 1), end: '\xff', limit: 1 });
  if (after !== undefined) return `tx ${readU48(after, 0)} has no link`;
  const [stray] = reader.keys(environment.payloads, { start: u48(check.tx + 1), end: '\xff', limit: 1 });
  if (stray !== undefined) return `tx ${readU48(stray, 0)} has a payload but is not in the log`;
  return check.head(readHead(environment, reader));
}

/** Recomputes every commitment and every link, and names the first that does not hold. */
export function verifyStore(environment: Environment, routes: Routes, reader: Reader): VerifyReport {
  const check = createChainCheck();
  const problem = checkAll(environment, routes, reader, check);
  return check.report(readHead(environment, reader), problem);
}
