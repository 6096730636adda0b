import { invariant } from '@drops/diagnostics';
import { canonicalRecord } from '../log/chain.js';
import { groupOf, inclusionProof, provableDrop } from '../log/inclusion-proof.js';
import { readPlace } from '../log/log-record.js';
import type { InclusionProof, Snapshot } from '../store.js';
import type { Catalogue } from './catalogue.js';
import type { Connection } from './connection.js';

function bytesOf(value: unknown): Buffer {
  invariant(Buffer.isBuffer(value), 'the tables of the truth hold bytes');
  return value;
}

/** Proves that the newest version of an entity is in the chain; making it reads every link. NOT_FOUND, DELETED. */
export async function proveEntity(
  connection: Connection,
  catalogue: Catalogue,
  snapshot: Snapshot,
  route: string,
  key: string,
): Promise<InclusionProof> {
  const drop = provableDrop(await snapshot.get(route, key), route, key);
  const rows = await connection.read({
    text: 'select tx, link from chain where tx <= $1 order by tx',
    values: [snapshot.tx],
  });
  const links = rows.map(([last, link]) => ({ last: Number(last), link: bytesOf(link) }));
  const { first, last } = groupOf(links, drop.tx);
  const headers = await connection.read({
    text: 'select tx, header from log where tx between $1 and $2 order by tx',
    values: [first, last],
  });
  const records = headers.map(([tx, header]) => {
    const bytes = bytesOf(header);
    return canonicalRecord(Number(tx), bytes, catalogue.pathOf(readPlace(bytes).routeId));
  });
  const [payload] = await connection.read({
    text: 'select content from payloads where tx = $1',
    values: [drop.tx],
  });
  return inclusionProof(drop, key, bytesOf(payload?.[0]), links, records);
}
