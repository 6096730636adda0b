import { assertNever, invariant } from '@drops/diagnostics';
import { isObject, type Json } from '@drops/ir';
import { commitmentAt, readHeader, type LogHeader } from '../log/log-record.js';
import { saltLength } from '../log/commitment.js';
import { parseBody } from '../log/payload.js';
import { pathKey } from '../writing/counter-values.js';
import { createDraft, type Draft } from '../writing/draft.js';
import type { EntityState } from '../writing/entity-state.js';
import { createStates, type States } from '../writing/states.js';
import type { AnyOperation } from '../writing/operations.js';
import { createCatalogue } from './catalogue.js';
import { changesOf } from './changes.js';
import { withRetries, type Connection, type Session } from './connection.js';
import { createFetchedStates } from './fetched-states.js';
import type { WrittenRecord } from './records.js';
import { emptyDerived } from './schema.js';
import { derivedParts, isOpaque, writeParts } from './write-changes.js';
import { beginWriting } from './write-group.js';

const pageRows = 1000;

interface LoggedRecord {
  readonly tx: number;
  readonly header: Buffer;
  readonly content: Buffer | undefined;
  readonly facts: LogHeader;
  readonly route: string;
}

/** What the body of a counter's record says. */
function counterIn(body: Json): Draft['counter'] {
  invariant(isObject(body) && Array.isArray(body['path']), 'the body of a counter names its path');
  const { path, value } = body;
  return { path: pathKey(path), value: typeof value === 'number' ? value : null };
}

/** The operation that asks for the state which a record changes. */
function stateOf({ facts, route }: LoggedRecord): AnyOperation | undefined {
  if (facts.key !== null) return { kind: 'delete', route, key: facts.key };
  return facts.kind === 'put' ? undefined : { kind: 'hide', route, tx: facts.target };
}

/** The state of an entity after a record. */
function after({ live, version }: EntityState, { tx, facts }: LoggedRecord): EntityState {
  switch (facts.kind) {
    case 'put': {
      const { expiresAt, price } = facts;
      const marked = live?.marked === true;
      return {
        version: facts.version,
        gone: false,
        live: { tx, expiresAt, price, marked, payload: undefined, counters: undefined },
      };
    }
    case 'counter':
      return { version, gone: false, live: live && { ...live, marked: true } };
    case 'delete':
    case 'expire':
    case 'hide':
      return { version: facts.version, live: undefined, gone: true };
    default:
      return assertNever(facts.kind);
  }
}

/** A record of the log as the writer had it, with the row that it replaced. */
function recordOf(logged: LoggedRecord, states: States): WrittenRecord {
  const { tx, facts, route, header, content } = logged;
  const { key, kind, version, expiresAt, price, target, routeId, time, writer, lastTx } = facts;
  const before = key === null ? undefined : states.entity(route, key);
  const event = key === null && kind !== 'put' ? states.event(route, target) : undefined;
  const replaced = event
    ? { tx: target, expiresAt: event.expiresAt, marked: false, payload: undefined }
    : before?.live;
  const draft = createDraft(kind, tx, route, key, version, replaced, false);
  draft.expiresAt = expiresAt;
  draft.price = price;
  draft.target = target;
  if (content) {
    const text = content.toString('utf8', saltLength);
    draft.body = { text, bytes: content.length - saltLength };
    draft.payload = parseBody(content, saltLength, content.length, false);
    if (kind === 'counter') draft.counter = counterIn(draft.payload);
  }
  if (key !== null && before) states.setEntity(route, key, after(before, logged));
  if (key === null && kind === 'put')
    states.setEvent(route, tx, { tx, version, expiresAt, price, counters: false });
  const commitment = header.subarray(commitmentAt, commitmentAt + 32);
  return { draft, routeId, header, content, commitment, time, writer, lastTx };
}

async function rebuildPage(session: Session, logged: readonly LoggedRecord[], head: number): Promise<void> {
  const states = createFetchedStates();
  const ids = new Map(logged.map(({ route, facts }) => [route, facts.routeId]));
  const created = new Set(logged.map(({ tx }) => tx));
  // Events that this page makes are in no table yet.
  states.expect(
    logged.flatMap((record) => {
      const operation = stateOf(record);
      return operation && !(operation.kind === 'hide' && created.has(operation.tx)) ? [operation] : [];
    }),
  );
  if (states.isWanting()) await states.fetch(session, (path) => ids.get(path));
  const unit = createStates(states);
  const records = logged.map((record) => recordOf(record, unit));
  const changes = changesOf(records, (route, key) => states.counters(route, key).keys(), isOpaque);
  await writeParts(session, derivedParts(changes, head));
}

/** Drops everything derived and makes it anew out of the log up to a tx, in one transaction: nobody sees a half-made state. */
export function rebuildTables(connection: Connection, head?: number): Promise<{ readonly records: number }> {
  const rebuild = async (session: Session): Promise<{ readonly records: number }> => {
    const locked = await beginWriting(session);
    const last = head ?? locked.tx;
    await session.query({ text: emptyDerived.truncate });
    await session.query({ text: emptyDerived.routes });
    const catalogue = createCatalogue();
    const [row] = await session.query(catalogue.query());
    if (row) catalogue.take(row);
    let tx = 0;
    let records = 0;
    while (tx < last) {
      const rows = await session.query({
        text: `select l.tx, l.header, p.content from log l left join payloads p on p.tx = l.tx
          where l.tx > $1 and l.tx <= $2 order by l.tx limit ${pageRows}`,
        values: [tx, last],
      });
      if (rows.length === 0) break;
      const logged = rows.map(([number, header, content]): LoggedRecord => {
        const bytes = Buffer.isBuffer(header) ? header : Buffer.alloc(0);
        const facts = readHeader(bytes);
        return {
          tx: Number(number),
          header: bytes,
          content: Buffer.isBuffer(content) ? content : undefined,
          facts,
          route: catalogue.pathOf(facts.routeId),
        };
      });
      await rebuildPage(session, logged, last);
      tx = logged.at(-1)?.tx ?? last;
      records += logged.length;
    }
    await session.query({ text: 'commit' });
    return { records };
  };
  return withRetries(() => connection.withSession(rebuild));
}
