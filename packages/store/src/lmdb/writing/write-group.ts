import { DropsError, fail } from '@drops/diagnostics';
import type { Pattern } from '@drops/ir';
import { isDefinitionRoute } from '../../definitions.js';
import type { CommitResult, LoadRequest, LoadResult } from '../../store.js';
import { u48 } from '../rows/binary-keys.js';
import { createLink, type LinkBuilder } from '../../log/chain.js';
import { saltLength, sha256, writeSalt } from '../../log/commitment.js';
import { publicIdOf } from '../../public-id.js';
import { createCounterHistory, type CounterHistory } from '../counters/counter-history.js';
import type { DefinitionsCache } from '../definitions.js';
import { createDerivation, type Derivation, type KeptIndexes } from './derive.js';
import type { Draft } from '../../writing/draft.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import { readHead, writeHead, type Head } from '../head.js';
import type { IndexRegistry } from '../indexes/index-registry.js';
import { commitmentAt, headerLimit, writeHeader, type LogHeader } from '../../log/log-record.js';
import { slicesOf } from '../../writing/load-slices.js';
import { evaluate, type Outcome } from '../../writing/operations.js';
import { pathOf, type Routes } from '../rows/routes.js';
import { createStates, type States } from '../../writing/states.js';
import { createStateReader } from './state-reader.js';
import { createUnitMaker, type Unit, type UnitMaker } from '../../writing/unit.js';
import { resultOf, type UnitResult, type WriteRequest } from '../../writing/write-request.js';

export interface WriterParts {
  readonly environment: Environment;
  readonly reader: Reader;
  readonly routes: Routes;
  readonly definitions: DefinitionsCache;
  readonly indexes: IndexRegistry;
  readonly clock: () => number;
}

/** What outlives a group: states of entities are good until someone else has written. */
interface Session {
  readonly states: States;
  readonly units: UnitMaker;
  readonly derivation: Derivation;
  /** The head after the session's last group. */
  tx: number;
}

/** What a group of units shares while it is written. */
interface Group extends WriterParts, Session {
  /** As the group found them; what its units change they look up themselves. */
  readonly patterns: ReadonlyMap<string, Pattern>;
  readonly link: LinkBuilder;
  head: Head;
}

const header = Buffer.allocUnsafeSlow(headerLimit);
const linkRoom = { bytes: Buffer.allocUnsafeSlow(4096) };
let payloadRow = Buffer.allocUnsafeSlow(64 * 1024);
const none = Buffer.alloc(32);
const append = { append: true };
/** Entities that a session remembers. */
const sessionLimit = 2000;
/** Records of a group whose states are let go: what a bulk wrote is seldom asked for next, and costs the garbage collector. */
const bulkRecords = 500;

/** Writes salt and body of a record; gives the commitment to both. */
function writePayload(environment: Environment, draft: Draft): Buffer {
  const { body } = draft;
  if (!body) return none;
  const length = saltLength + body.bytes;
  if (length > payloadRow.length) payloadRow = Buffer.allocUnsafeSlow(length);
  writeSalt(payloadRow, 0);
  payloadRow.write(body.text, saltLength, body.bytes === body.text.length ? 'latin1' : 'utf8');
  const row = payloadRow.subarray(0, length);
  environment.payloads.putSync(u48(draft.tx), row, append);
  return sha256(row);
}

/** Writes one record to the log, the chain and everything derived. */
function writeRecord(group: Group, draft: Draft, time: number, writer: string | null, lastTx: number): void {
  const { environment, routes, reader, derivation, link } = group;
  const { tx, key, kind, version, expiresAt, price, target, body, counter, replaced, gone } = draft;
  const route = routes.intern(reader, draft.route, tx);
  const record: LogHeader = {
    kind,
    lastTx,
    routeId: route.id,
    key,
    version,
    time,
    expiresAt,
    writer,
    price,
    target,
  };
  const commitment = writePayload(environment, draft);
  draft.commitment = commitment;
  const end = writeHeader(header, record, body === undefined);
  commitment.copy(header, commitmentAt);
  const row = header.subarray(0, end);
  environment.log.putSync(u48(tx), row, append);
  link.add(tx, row, route.path);
  const inBytes = body && {
    bytes: payloadRow,
    start: saltLength,
    end: saltLength + body.bytes,
    ascii: body.bytes === body.text.length,
  };
  const payload = kind === 'put' ? draft.payload : undefined;
  derivation.apply({ tx, header: record, commitment, body: inBytes, payload, counter, replaced, gone });
  // The text is not held until the rest of its unit is written.
  draft.body = undefined;
}

/** A commit that its unit is a part of. */
interface Whole {
  readonly time: number;
  readonly lastTx: number;
}

/** Writes what a unit's operations came to. */
function writeUnit(
  group: Group,
  unit: Unit,
  outcomes: readonly Outcome[],
  request: WriteRequest,
  whole: Whole | undefined,
): CommitResult {
  const { head } = group;
  const { time, drafts } = unit;
  const writer = request.writer === null ? null : publicIdOf(request.writer);
  const tx = head.tx + drafts.length;
  let { epoch } = head;
  for (const draft of drafts) {
    writeRecord(group, draft, time, writer, whole?.lastTx ?? tx);
    if (isDefinitionRoute(draft.route)) epoch = draft.tx;
  }
  if (drafts.length > 0) group.head = { tx, time, epoch, link: head.link };
  if (request.wantsResults === false) return { tx, results: [] };
  return { tx, results: outcomes.map((outcome) => resultOf(outcome, time, writer)) };
}

/** Evaluates a unit, then writes it: what fails, fails before its first byte, so that the group can go on. */
function runUnit(group: Group, request: WriteRequest, whole?: Whole): UnitResult {
  const { head, states, patterns } = group;
  const time = whole?.time ?? Math.max(group.clock(), head.time);
  const unit = group.units.begin({ baseTx: head.tx, time, patterns });
  let outcomes: readonly Outcome[];
  try {
    outcomes = evaluate(unit, request.operations);
  } catch (error) {
    states.undo();
    return { kind: 'failed', error };
  }
  states.keep();
  return { kind: 'done', result: writeUnit(group, unit, outcomes, request, whole) };
}

function createSession(
  { environment, reader, routes, indexes }: WriterParts,
  counterHistory: CounterHistory,
  tx: number,
): Session {
  const states = createStates(createStateReader(environment, reader, routes));
  const units = createUnitMaker(states);
  const kept: KeptIndexes = () => {
    const byRoute = indexes.kept(reader);
    return (routeId) => (byRoute.size === 0 ? [] : (byRoute.get(pathOf(routes, reader, routeId)) ?? []));
  };
  return { states, units, derivation: createDerivation(environment, reader, kept, counterHistory), tx };
}

/** Writes groups of units. */
export interface GroupWriter {
  /**
   * Writes the units of a group in one transaction with one link of the chain. A unit that fails leaves no trace and
   * the others go on. Throws, with nothing written, when the store itself fails.
   */
  write(requests: readonly WriteRequest[]): readonly UnitResult[];
  /** Writes one unit of any size, see `Store.load`. */
  load(request: LoadRequest): LoadResult;
  /** The head that the last transaction left; undefined when it came to nothing. */
  head(): Pick<Head, 'tx' | 'epoch'> | undefined;
}

/** Times that a load begins again because its records were not as many as it had thought. */
const loadAttempts = 8;

/** Ends the transaction of a load without a trace. */
class LoadAbandoned extends Error {}

/** The writer of a process. */
export function createGroupWriter(parts: WriterParts): GroupWriter {
  const { environment, reader, routes, definitions, clock } = parts;
  const counterHistory = createCounterHistory(environment, reader);
  let session: Session | undefined;
  let written: Pick<Head, 'tx' | 'epoch'> | undefined;

  const writeAll = (requests: readonly WriteRequest[], whole?: Whole): readonly UnitResult[] => {
    const head = readHead(environment, reader);
    const usable = session?.tx === head.tx;
    const own = usable && session ? session : createSession(parts, counterHistory, head.tx);
    session = undefined;
    const patterns = definitions.patterns(reader, head.epoch, clock());
    const group: Group = { ...parts, ...own, patterns, link: createLink(head.link, linkRoom), head };
    own.units.startGroup();
    own.derivation.begin(head.tx);
    const results = requests.map((request) => runUnit(group, request, whole));
    if (group.head.tx !== head.tx) {
      own.derivation.flush(group.head.tx);
      const link = group.link.link();
      environment.chain.putSync(u48(group.head.tx), link, append);
      writeHead(environment, { ...group.head, link });
    }
    own.tx = group.head.tx;
    written = group.head;
    const isBulk = group.head.tx - head.tx > bulkRecords;
    if (!isBulk && own.states.size() <= sessionLimit) session = own;
    return results;
  };

  const transact = (work: () => void): void => {
    let committed = false;
    try {
      environment.write(work);
      committed = true;
    } finally {
      routes.settle(committed);
      if (!committed) {
        session = undefined;
        written = undefined;
        counterHistory.forget();
      }
    }
  };

  /**
   * Writes a load slice by slice, each with its own link, within the running transaction. Every operation is a unit, so
   * that all that are refused are told. Gives the records it came to, which are `expected` or the transaction must not stand.
   */
  const loadSlices = (request: LoadRequest, expected: number): number => {
    const { writer, operations, refused } = request;
    const before = readHead(environment, reader);
    const whole = { time: Math.max(clock(), before.time), lastTx: before.tx + expected };
    let index = 0;
    let isRefused = false;
    for (const slice of slicesOf(operations())) {
      const results = writeAll(
        slice.map((operation) => ({ operations: [operation], writer })),
        whole,
      );
      for (const result of results) {
        if (result.kind === 'failed') {
          if (!(result.error instanceof DropsError)) throw result.error;
          isRefused = true;
          refused(index, result.error);
        }
        index += 1;
      }
    }
    if (isRefused) throw new LoadAbandoned();
    return readHead(environment, reader).tx - before.tx;
  };

  /** One attempt: the records it came to, and whether they stand; undefined when an operation was refused. */
  const tryLoad = (request: LoadRequest, expected: number) => {
    let records = 0;
    try {
      transact(() => {
        records = loadSlices(request, expected);
        if (records !== expected) throw new LoadAbandoned();
      });
      return { records, stands: true };
    } catch (thrown) {
      if (!(thrown instanceof LoadAbandoned)) throw thrown;
      return records === 0 ? undefined : { records, stands: false };
    }
  };

  return {
    head: () => written,
    write(requests) {
      let results: readonly UnitResult[] = [];
      transact(() => {
        results = writeAll(requests);
      });
      return results;
    },
    load(request) {
      const head = (): number => readHead(environment, reader).tx;
      if (request.count === 0) return { tx: head(), written: 0 };
      // Each record says which is the last of its commit. Rows that had expired unnoticed take a record more than was thought.
      let expected = request.count;
      for (let attempt = 1; attempt <= loadAttempts; attempt += 1) {
        const outcome = tryLoad(request, expected);
        if (!outcome) return { tx: head(), written: 0 };
        if (outcome.stands) return { tx: head(), written: request.count };
        expected = outcome.records;
      }
      return fail('CONFLICT', 'Other writes kept changing what was to be loaded over. Nothing was written.', {
        hint: 'try again',
      });
    },
  };
}
