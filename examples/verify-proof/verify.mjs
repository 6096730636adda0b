// Checks a proof of `drops prove` with nothing but Node:  node verify.mjs proof.json ROOT
// ROOT is what `drops verify` printed, or what somebody else wrote down of it: a proof is worth what its root is worth.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const fields = 'kind format route key tx salt body previous records index size path root'.split(' ');
const kinds = [undefined, 'put', 'delete', 'hide', 'counter', 'expire'];

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

function demand(holds, message) {
  if (!holds) throw new Error(message);
}

function hex(value, bytes) {
  demand(typeof value === 'string' && /^(?:[0-9a-f]{2})+$/.test(value), 'what should be hex is not');
  demand(bytes === undefined || value.length === 2 * bytes, `${bytes} bytes of hex expected`);
  return Buffer.from(value, 'hex');
}

// One form only, so that no byte of a proof can change without being noticed.
function read(bytes) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const proof = JSON.parse(text);
  demand(JSON.stringify(proof) === text.replace(/\n$/, ''), 'the JSON is not in its shortest form');
  demand(Object.keys(proof).join(' ') === fields.join(' '), `the fields are not ${fields.join(', ')}`);
  demand(proof.kind === 'drops-proof' && proof.format === 1, 'no proof of a format that is known');
  demand(
    [proof.tx, proof.index, proof.size].every(isCount) && proof.index < proof.size,
    'a number makes no sense',
  );
  demand(Array.isArray(proof.records) && Array.isArray(proof.path), 'records and path are lists');
  return proof;
}

// tx 6 | kind 1 | flags 1 | last tx 6 | version 4 | time 6 | expires 6 | writer 6 | price 8 | target 6 | commitment 32
// | length 2, route | length 2, key          (big-endian; flags: 1 has a key, 2 has a writer, 4 has a price)
function readRecord(bytes) {
  demand(bytes.length >= 86, 'a record is cut short');
  const routeEnd = 84 + bytes.readUInt16BE(82);
  demand(routeEnd + 2 <= bytes.length, 'the route of a record is cut short');
  const keyStart = routeEnd + 2;
  demand(keyStart + bytes.readUInt16BE(routeEnd) === bytes.length, 'the key of a record has another length');
  const flags = bytes[7];
  return {
    tx: bytes.readUIntBE(0, 6),
    kind: kinds[bytes[6]],
    version: bytes.readUInt32BE(14),
    time: new Date(bytes.readUIntBE(18, 6)).toISOString(),
    writer: flags & 2 ? bytes.toString('hex', 30, 36) : null,
    commitment: bytes.subarray(50, 82),
    route: bytes.toString('utf8', 84, routeEnd),
    key: flags & 1 ? bytes.toString('utf8', keyStart) : null,
  };
}

// The tree of RFC 6962 over the links: leaf 00, node 01; the root is 02, the number of links, the top of the tree.
function rootOf(link, index, size, path) {
  const rest = path.map((hash) => hex(hash, 32));
  let node = sha256(Buffer.from([0]), link);
  for (let at = index, width = size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    const left = at % 2 === 1;
    if (!left && at + 1 === width) continue;
    const neighbour = rest.shift();
    demand(neighbour, 'the path is too short');
    node = left ? sha256(Buffer.from([1]), neighbour, node) : sha256(Buffer.from([1]), node, neighbour);
  }
  demand(rest.length === 0, 'the path is too long');
  const count = Buffer.alloc(6);
  count.writeUIntBE(size, 0, 6);
  return sha256(Buffer.from([2]), count, node);
}

/** Gives what is proven; throws when the proof does not hold. Without a trusted root the proof is only whole in itself. */
export function verifyProof(bytes, trustedRoot) {
  const proof = read(bytes);
  const records = proof.records.map((record) => hex(record));
  const found = records.map(readRecord).find((record) => record.tx === proof.tx);
  demand(found && found.kind === 'put', 'no record is that of the drop');
  demand(found.route === proof.route && found.key === proof.key, 'the record is about another drop');
  const commitment = sha256(hex(proof.salt, 16), Buffer.from(proof.body, 'utf8'));
  demand(commitment.equals(found.commitment), 'the payload does not match its commitment');
  const link = sha256(hex(proof.previous, 32), ...records);
  const root = rootOf(link, proof.index, proof.size, proof.path);
  demand(root.equals(hex(proof.root, 32)), 'the path does not lead to the root');
  demand(trustedRoot === undefined || proof.root === trustedRoot, 'the root is not the one that is trusted');
  const { route, key, tx, version, time, writer } = found;
  return { route, key, tx, version, time, writer, payload: JSON.parse(proof.body) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(JSON.stringify(verifyProof(readFileSync(process.argv[2]), process.argv[3]), null, 2));
  } catch (error) {
    console.error(`refused: ${error.message}`);
    process.exitCode = 1;
  }
}
