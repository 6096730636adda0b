import { invariant } from '@drops/diagnostics';
import { type Json, type Pattern, readPattern, definitionRoutes } from '@drops/ir';
import { noCounters, type Counters } from './counters.js';
import type { Draft } from './draft.js';
import { eventRow } from './binary-keys.js';
import { readFacts, type RowFacts } from './current-row.js';
import { neverSeen, readState, type EntityState, type LiveState } from './entity-state.js';
import type { Environment, Reader } from './environment.js';
import type { Body } from './payload.js';
import type { Routes } from './routes.js';

/** Why an operation reads entities through here: it sees the operations before it, which are not in the tables yet. */
export interface States {
  entity(route: string, key: string): EntityState;
  event(route: string, tx: number): RowFacts | undefined;
}

const nameOf = (route: string, key: string): string => `${route}\0${key}`;

/** The states of the transaction that is being written, remembered for the group. */
export interface GroupStates extends States {
  keep(unit: UnitChanges): void;
}
export interface UnitChanges {
  readonly entities: ReadonlyMap<string, EntityState>;
  readonly events: ReadonlyMap<string, RowFacts | undefined>;
}

/** The states that a group of units starts from; every unit that succeeds is kept. */
export function createGroupStates(environment: Environment, reader: Reader, routes: Routes): GroupStates {
  const entities = new Map<string, EntityState>();
  const events = new Map<string, RowFacts | undefined>();
  return {
    entity(route, key) {
      const name = nameOf(route, key);
      const known = entities.get(name);
      if (known) return known;
      const id = routes.find(reader, route)?.id;
      const state = id === undefined ? neverSeen : readState(environment, reader, id, key);
      entities.set(name, state);
      return state;
    },
    event(route, tx) {
      const name = nameOf(route, String(tx));
      if (events.has(name)) return events.get(name);
      const id = routes.find(reader, route)?.id;
      const bytes = id === undefined ? undefined : reader.get(environment.current, eventRow(id, tx));
      return bytes && readFacts(bytes);
    },
    keep(unit) {
      for (const [name, state] of unit.entities) entities.set(name, state);
      for (const [name, facts] of unit.events) events.set(name, facts);
    },
  };
}

/** One unit while its operations are evaluated: what they would write, and the states after it. Nothing is written. */
export interface Unit extends States {
  readonly time: number;
  readonly drafts: readonly Draft[];
  readonly changes: UnitChanges;
  /** The live version of an entity; what has expired is not live. */
  live(route: string, key: string): LiveState | undefined;
  /** Some pattern may apply: without any the payloads need not be looked at. */
  hasPatterns(): boolean;
  pattern(name: string): Pattern | undefined;
  put(route: string, key: string | null, content: PutContent): Draft;
  remove(route: string, key: string): Draft;
  hide(route: string, tx: number, facts: RowFacts): Draft;
  /** Ends what has expired; false when it has not. */
  expireEntity(route: string, key: string): boolean;
  expireEvent(route: string, tx: number): boolean;
  count(route: string, key: string, path: string, value: number | null, body: Body): Draft;
}
export interface PutContent {
  readonly payload: Json;
  readonly body: Body;
  readonly expiresAt: number;
  readonly price: number | undefined;
}

export interface UnitContext {
  readonly states: States;
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** The tx before the unit's first. */
  readonly baseTx: number;
  readonly time: number;
}

const nullBody: Body = { text: 'null', bytes: 4 };

/** A unit whose operations see the states of its group and one another. */
export function createUnit({ states, patterns, baseTx, time }: UnitContext): Unit {
  const drafts: Draft[] = [];
  const entities = new Map<string, EntityState>();
  const events = new Map<string, RowFacts | undefined>();
  let patternsTouched = false;

  const add = (draft: Omit<Draft, 'tx'>): Draft => {
    const numbered = { ...draft, tx: baseTx + drafts.length + 1 };
    drafts.push(numbered);
    return numbered;
  };
  const entity = (route: string, key: string): EntityState =>
    entities.get(nameOf(route, key)) ?? states.entity(route, key);
  const setEntity = (route: string, key: string, state: EntityState): void => {
    entities.set(nameOf(route, key), state);
    if (route === definitionRoutes.patterns) patternsTouched = true;
  };
  const replacedBy = (state: EntityState) =>
    state.live && { tx: state.live.tx, expiresAt: state.live.expiresAt, marked: state.live.marked };
  const isLive = (live: LiveState | undefined): live is LiveState =>
    live !== undefined && (live.expiresAt === 0 || live.expiresAt > time);

  const expireEntity = (route: string, key: string): boolean => {
    const state = entity(route, key);
    if (!state.live || isLive(state.live)) return false;
    add({ ...blank, kind: 'expire', route, key, version: state.version, replaced: replacedBy(state) });
    setEntity(route, key, { version: state.version, live: undefined, gone: true });
    return true;
  };

  const blank = {
    expiresAt: 0,
    price: undefined,
    target: 0,
    payload: null,
    body: undefined,
    replaced: undefined,
    gone: false,
    counter: undefined,
  } as const;

  const putEntity = (route: string, key: string, content: PutContent): Draft => {
    // An expired row that was not swept yet ends by a record of its own, so that the log alone tells what is left.
    expireEntity(route, key);
    const before = entity(route, key);
    const version = before.version + 1;
    const replaced = replacedBy(before);
    const draft = add({
      ...blank,
      ...content,
      kind: 'put',
      route,
      key,
      version,
      replaced,
      gone: before.gone,
    });
    const { payload, expiresAt, price } = content;
    const counters: () => Counters = before.live ? before.live.counters : () => noCounters;
    const marked = replaced?.marked === true;
    const live = { tx: draft.tx, expiresAt, price, marked, payload: () => payload, counters };
    setEntity(route, key, { version, gone: false, live });
    return draft;
  };

  const event = (route: string, tx: number): RowFacts | undefined => {
    const name = nameOf(route, String(tx));
    return events.has(name) ? events.get(name) : states.event(route, tx);
  };
  const endEvent = (kind: 'hide' | 'expire', route: string, tx: number, facts: RowFacts): Draft => {
    events.set(nameOf(route, String(tx)), undefined);
    const replaced = { tx, expiresAt: facts.expiresAt, marked: false };
    const version = kind === 'hide' ? facts.version + 1 : facts.version;
    const body = kind === 'hide' ? nullBody : undefined;
    return add({ ...blank, kind, route, key: null, version, target: tx, body, replaced });
  };

  return {
    time,
    drafts,
    changes: { entities, events },
    entity,
    event,
    expireEntity,
    expireEvent(route, tx) {
      const facts = event(route, tx);
      if (!facts || facts.expiresAt === 0 || facts.expiresAt > time) return false;
      endEvent('expire', route, tx, facts);
      return true;
    },
    live(route, key) {
      const { live } = entity(route, key);
      return isLive(live) ? live : undefined;
    },
    hasPatterns: () => patternsTouched || patterns.size > 0,
    pattern(name) {
      if (!patternsTouched) return patterns.get(name);
      const { live } = entity(definitionRoutes.patterns, name);
      return isLive(live) ? readPattern(name, live.payload()) : undefined;
    },
    put(route, key, content) {
      if (key !== null) return putEntity(route, key, content);
      const draft = add({ ...blank, ...content, kind: 'put', route, key, version: 1 });
      const { expiresAt, price } = content;
      events.set(nameOf(route, String(draft.tx)), {
        tx: draft.tx,
        version: 1,
        expiresAt,
        price,
        counters: false,
      });
      return draft;
    },
    remove(route, key) {
      const before = entity(route, key);
      const version = before.version + 1;
      const replaced = replacedBy(before);
      const draft = add({ ...blank, kind: 'delete', route, key, version, body: nullBody, replaced });
      setEntity(route, key, { version, live: undefined, gone: true });
      return draft;
    },
    hide: (route, tx, facts) => endEvent('hide', route, tx, facts),
    count(route, key, path, value, body) {
      const before = entity(route, key);
      const { live } = before;
      invariant(live, 'a counter belongs to a live entity');
      const replaced = replacedBy(before);
      const counter = { path, value };
      const { version } = before;
      const draft = add({ ...blank, kind: 'counter', route, key, version, body, replaced, counter });
      const counters = new Map(live.counters());
      if (value === null) counters.delete(path);
      else counters.set(path, value);
      const marked = live.marked || value !== null;
      setEntity(route, key, { ...before, live: { ...live, marked, counters: () => counters } });
      return draft;
    },
  };
}
