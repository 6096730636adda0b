import { invariant } from '@drops/diagnostics';
import { definitionRoutes, readPattern, type Json, type Pattern } from '@drops/ir';
import type { Body } from '../log/payload.js';
import type { Counters } from './counter-values.js';
import { createDraft, type Draft } from './draft.js';
import type { EntityState, LiveState, RowFacts } from './entity-state.js';
import type { States } from './states.js';

/** One unit while its operations are evaluated: what they would write, and the states after it. Nothing is written. */
export interface Unit {
  readonly time: number;
  readonly drafts: readonly Draft[];
  entity(route: string, key: string): EntityState;
  /** The live version of an entity; what has expired is not live. */
  live(route: string, key: string): LiveState | undefined;
  payloadOf(route: string, key: string, live: LiveState): Json;
  countersOf(route: string, key: string, live: LiveState): Counters;
  event(route: string, tx: number): RowFacts | undefined;
  /** Some pattern may apply: without any the payloads need not be looked at. */
  hasPatterns(): boolean;
  pattern(name: string): Pattern | undefined;
  /** Fixes the dimension of a route at its first vector. INVALID_VECTOR, DIMENSION_MISMATCH. */
  checkVector(route: string, payload: Json): void;
  put(route: string, key: string | null, content: PutContent): Draft;
  remove(route: string, key: string): Draft;
  hide(route: string, tx: number, facts: RowFacts): Draft;
  /** Ends what has expired; false when it has not. */
  expireEntity(route: string, key: string): boolean;
  expireEvent(route: string, tx: number): boolean;
  /** Sets a counter of a live entity; null clears it. */
  count(route: string, key: string, path: string, value: number | null, body: Body): Draft;
}
export interface PutContent {
  readonly payload: Json;
  readonly body: Body;
  readonly expiresAt: number;
  readonly price: number | undefined;
}

export interface UnitStart {
  /** The tx before the unit's first. */
  readonly baseTx: number;
  readonly time: number;
  readonly patterns: ReadonlyMap<string, Pattern>;
}
export interface UnitMaker {
  /** The definitions that units are given are up to date again. */
  startGroup(): void;
  /** The next unit. The one before is over: there is one at a time. */
  begin(start: UnitStart): Unit;
}

const keptPayload = 16 * 1024;
const nullBody: Body = { text: 'null', bytes: 4 };

/** Makes the units of a group. */
export function createUnitMaker(states: States): UnitMaker {
  let drafts: Draft[] = [];
  let baseTx = 0;
  let time = 0;
  let patterns: ReadonlyMap<string, Pattern> = new Map();
  // Definitions that were changed in this group are in no cache yet.
  let patternsTouched = false;

  const nextTx = (): number => baseTx + drafts.length + 1;
  const add = (draft: Draft): Draft => {
    drafts.push(draft);
    return draft;
  };
  const setEntity = (route: string, key: string, state: EntityState): void => {
    states.setEntity(route, key, state);
    if (route === definitionRoutes.patterns) patternsTouched = true;
  };
  const isLive = (live: LiveState | undefined): live is LiveState =>
    live !== undefined && (live.expiresAt === 0 || live.expiresAt > time);

  const countersOf = (route: string, key: string, live: LiveState): Map<string, number> => {
    if (live.counters) return live.counters;
    live.counters = live.marked ? states.counters(route, key) : new Map();
    return live.counters;
  };
  const payloadOf = (route: string, key: string, live: LiveState): Json => {
    if (live.payload !== undefined) return live.payload;
    // What this unit is about to write is in no table yet.
    const draft = drafts[live.tx - baseTx - 1];
    if (draft) return draft.payload;
    return states.payload(route, key, live);
  };

  const expireEntity = (route: string, key: string): boolean => {
    const { live, version } = states.entity(route, key);
    if (!live || isLive(live)) return false;
    add(createDraft('expire', nextTx(), route, key, version, live, false));
    setEntity(route, key, { version, live: undefined, gone: true });
    return true;
  };

  const fill = (draft: Draft, { payload, body, expiresAt, price }: PutContent): Draft => {
    draft.payload = payload;
    draft.body = body;
    draft.expiresAt = expiresAt;
    draft.price = price;
    return add(draft);
  };

  const putEntity = (route: string, key: string, content: PutContent): Draft => {
    // An expired row that was not swept yet ends by a record of its own, so that the log alone tells what is left.
    expireEntity(route, key);
    const { live: before, version: last, gone } = states.entity(route, key);
    const version = last + 1;
    const draft = fill(createDraft('put', nextTx(), route, key, version, before, gone), content);
    const { payload, expiresAt, price } = content;
    const marked = before?.marked === true;
    // States outlive their group: large payloads are read again when they are wanted.
    const kept = content.body.bytes <= keptPayload ? payload : undefined;
    const live = { tx: draft.tx, expiresAt, price, marked, payload: kept, counters: before?.counters };
    setEntity(route, key, { version, gone: false, live });
    return draft;
  };

  const putEvent = (route: string, content: PutContent): Draft => {
    const draft = fill(createDraft('put', nextTx(), route, null, 1, undefined, false), content);
    const { expiresAt, price } = content;
    states.setEvent(route, draft.tx, { tx: draft.tx, version: 1, expiresAt, price, counters: false });
    return draft;
  };

  const endEvent = (kind: 'hide' | 'expire', route: string, tx: number, facts: RowFacts): Draft => {
    const replaced = { tx, expiresAt: facts.expiresAt, marked: false, payload: undefined };
    const version = kind === 'hide' ? facts.version + 1 : facts.version;
    const draft = add(createDraft(kind, nextTx(), route, null, version, replaced, false));
    draft.target = tx;
    if (kind === 'hide') draft.body = nullBody;
    states.setEvent(route, tx, undefined);
    return draft;
  };

  const setCounter = (counters: Map<string, number>, path: string, value: number | null): void => {
    const before = counters.get(path);
    states.onUndo(() => (before === undefined ? counters.delete(path) : counters.set(path, before)));
    if (value === null) counters.delete(path);
    else counters.set(path, value);
  };

  const unit: Unit = {
    get time() {
      return time;
    },
    get drafts() {
      return drafts;
    },
    entity: states.entity,
    event: states.event,
    checkVector: states.checkVector,
    payloadOf,
    countersOf,
    expireEntity,
    live(route, key) {
      const { live } = states.entity(route, key);
      return isLive(live) ? live : undefined;
    },
    expireEvent(route, tx) {
      const facts = states.event(route, tx);
      if (!facts || facts.expiresAt === 0 || facts.expiresAt > time) return false;
      endEvent('expire', route, tx, facts);
      return true;
    },
    hasPatterns: () => patternsTouched || patterns.size > 0,
    pattern(name) {
      if (!patternsTouched) return patterns.get(name);
      const { live } = states.entity(definitionRoutes.patterns, name);
      return isLive(live) ? readPattern(name, payloadOf(definitionRoutes.patterns, name, live)) : undefined;
    },
    put: (route, key, content) => (key === null ? putEvent(route, content) : putEntity(route, key, content)),
    remove(route, key) {
      const { live, version: last } = states.entity(route, key);
      const draft = add(createDraft('delete', nextTx(), route, key, last + 1, live, false));
      draft.body = nullBody;
      setEntity(route, key, { version: last + 1, live: undefined, gone: true });
      return draft;
    },
    hide: (route, tx, facts) => endEvent('hide', route, tx, facts),
    count(route, key, path, value, body) {
      const before = states.entity(route, key);
      const { live, version } = before;
      invariant(live, 'a counter belongs to a live entity');
      const draft = add(createDraft('counter', nextTx(), route, key, version, live, false));
      draft.body = body;
      draft.counter = { path, value };
      setCounter(countersOf(route, key, live), path, value);
      if (!live.marked && value !== null)
        setEntity(route, key, { ...before, live: { ...live, marked: true } });
      return draft;
    },
  };

  return {
    startGroup() {
      patternsTouched = false;
    },
    begin(start) {
      ({ baseTx, time, patterns } = start);
      drafts = [];
      return unit;
    },
  };
}
