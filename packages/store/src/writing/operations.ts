import { assertNever, DropsError, fail } from '@drops/diagnostics';
import {
  isArray,
  isObject,
  mergeObjects,
  pathText,
  valueAt,
  validatePayload,
  type FieldError,
  type Json,
  getProperty,
  type Path,
} from '@drops/ir';
import type {
  DeleteOperation,
  HideOperation,
  IncrementOperation,
  MergeOperation,
  Operation,
  Precondition,
  PutOperation,
} from '../store.js';
import { bodyOf, loneSurrogate, storedChanges, storedPayload, type Body } from '../log/payload.js';
import { clearedBy, pathKey, withCounters, type Counters } from './counter-values.js';
import type { Draft } from './draft.js';
import type { LiveState } from './entity-state.js';
import type { Unit } from './unit.js';

/** Ends an entity or event that has expired: the sweeper's own operation. Readers have stopped showing it before. */
export interface ExpireOperation {
  readonly kind: 'expire';
  readonly route: string;
  readonly key: string | null;
  /** The event, when there is no key. */
  readonly tx: number;
}
export type AnyOperation = Operation | ExpireOperation;

/** What an operation will answer once its records have their commitments. */
export type Outcome =
  | { readonly kind: 'put'; readonly draft: Draft }
  | { readonly kind: 'delete'; readonly draft: Draft }
  | { readonly kind: 'hide'; readonly removed: boolean }
  | { readonly kind: 'increment'; readonly value: number; readonly tx: number };

interface Target {
  readonly route: string;
  readonly key: string;
}

const placeOf = ({ route, key }: Target): string => `${route} @${key}`;

function holds(precondition: Precondition, version: number, live: LiveState | undefined): boolean {
  switch (precondition.kind) {
    case 'absent':
      return live === undefined;
    case 'version':
      return live !== undefined && version === precondition.version;
    case 'tx':
      return live !== undefined && live.tx === precondition.tx;
    default:
      return assertNever(precondition);
  }
}

function checkPrecondition(unit: Unit, target: Target, precondition: Precondition | undefined): void {
  if (!precondition) return;
  const live = unit.live(target.route, target.key);
  const { version } = unit.entity(target.route, target.key);
  if (holds(precondition, version, live)) return;
  const place = placeOf(target);
  if (precondition.kind === 'absent') fail('CONFLICT', `${place} exists already, in version ${version}.`);
  if (!live) fail('CONFLICT', `${place} is not there.`);
  if (precondition.kind === 'version') {
    fail('CONFLICT', `${place} has version ${version}, not ${precondition.version}.`);
  }
  fail('CONFLICT', `${place} was changed by tx ${live.tx}.`);
}

/** Checks a payload against the pattern of its route and the one that it names. */
function checkPatterns(unit: Unit, route: string, payload: Json): void {
  const errors: FieldError[] = [];
  const own = unit.pattern(route);
  if (own) errors.push(...validatePayload(own, payload));
  const named = isObject(payload) ? getProperty(payload, 'pattern') : undefined;
  const other = typeof named === 'string' && named !== route ? unit.pattern(named) : undefined;
  if (other) errors.push(...validatePayload(other, payload));
  const [first] = errors;
  if (first)
    fail('SCHEMA_VIOLATION', `The payload does not fit its pattern: ${first.message}.`, { details: errors });
}

/** The end of the year 9999: what is kept longer is kept until then. */
const lastTime = 253_402_300_799_999;

function expiryOf(unit: Unit, ttl: number | undefined, expiresAt?: number): number {
  if (expiresAt === undefined && ttl === undefined) return 0;
  const time = expiresAt ?? unit.time + (ttl ?? 0) * 1000;
  if (!Number.isFinite(time)) fail('TYPE_ERROR', `A life span of ${expiresAt ?? ttl} is no number.`);
  return Math.min(lastTime, Math.max(1, Math.round(time)));
}

/** The body of a counter's record; its path is JSON already. */
function counterBody(path: string, value: number | null): Body {
  const text = `{"path":${path},"value":${value}}`;
  return { text, bytes: Buffer.byteLength(text, 'utf8') };
}

/** Clears the counters whose field a write names; what stays is shown over the new payload. */
function clearNamed(unit: Unit, target: Target, named: Json): Counters | undefined {
  const live = unit.live(target.route, target.key);
  if (!live?.marked) return undefined;
  for (const path of clearedBy(named, unit.countersOf(target.route, target.key, live))) {
    unit.count(target.route, target.key, path, null, counterBody(path, null));
  }
  return unit.countersOf(target.route, target.key, live);
}

function put(unit: Unit, operation: PutOperation): Outcome {
  const { route, key, price } = operation;
  const payload = storedPayload(operation.payload);
  const body = bodyOf(payload);
  const expiresAt = expiryOf(unit, operation.ttl, operation.expiresAt);
  if (payload === null) {
    if (key === null) fail('KEY_REQUIRED', 'A null payload removes an entity and needs its key.');
    fail('TYPE_ERROR', `A null payload for ${placeOf({ route, key })} is a removal.`, { hint: 'use remove' });
  }
  unit.checkVector(route, payload);
  if (key === null) {
    checkPatterns(unit, route, payload);
    return { kind: 'put', draft: unit.put(route, null, { payload, body, expiresAt, price }) };
  }
  const target = { route, key };
  checkPrecondition(unit, target, operation.precondition);
  const counters = clearNamed(unit, target, payload);
  checkPatterns(unit, route, counters ? withCounters(payload, counters) : payload);
  return { kind: 'put', draft: unit.put(route, key, { payload, body, expiresAt, price }) };
}

function merge(unit: Unit, operation: MergeOperation): Outcome {
  const { route, key } = operation;
  checkPrecondition(unit, operation, operation.precondition);
  const live = unit.live(route, key);
  if (!live)
    fail('NOT_FOUND', `${placeOf(operation)} is not there to be updated.`, { hint: 'save creates it' });
  const base = unit.payloadOf(route, key, live);
  if (!isObject(base)) {
    fail(
      'TYPE_ERROR',
      `The payload of ${placeOf(operation)} is no object, so no field of it can be updated.`,
    );
  }
  const changes = storedChanges(operation.changes);
  const payload = mergeObjects(base, changes, true);
  unit.checkVector(route, payload);
  const body = bodyOf(payload);
  const counters = clearNamed(unit, operation, changes);
  checkPatterns(unit, route, counters ? withCounters(payload, counters) : payload);
  const expiresAt = operation.ttl === undefined ? live.expiresAt : expiryOf(unit, operation.ttl);
  const price = operation.price ?? live.price;
  return { kind: 'put', draft: unit.put(route, key, { payload, body, expiresAt, price }) };
}

function remove(unit: Unit, operation: DeleteOperation): Outcome {
  const { route, key } = operation;
  checkPrecondition(unit, operation, operation.precondition);
  if (!unit.live(route, key)) fail('NOT_FOUND', `${placeOf(operation)} is not there to be removed.`);
  return { kind: 'delete', draft: unit.remove(route, key) };
}

function hide(unit: Unit, { route, tx }: HideOperation): Outcome {
  const facts = unit.event(route, tx);
  const visible = facts && (facts.expiresAt === 0 || facts.expiresAt > unit.time);
  if (visible) unit.hide(route, tx, facts);
  return { kind: 'hide', removed: visible === true };
}

/** The number an increment starts from: missing and null count as 0. */
function startValue(payload: Json, path: Path, place: string): number {
  let current: Json | undefined = payload;
  for (const [step, segment] of path.entries()) {
    const holder =
      typeof segment === 'number' ? isArray(current) && current[segment] !== undefined : isObject(current);
    const open = (current === undefined || current === null) && step > 0 && typeof segment === 'string';
    if (!holder && !open) {
      const what = step === 0 ? 'the payload' : pathText(path.slice(0, step));
      fail('TYPE_ERROR', `${place}: ${what} has no place for ${pathText(path.slice(step))}.`);
    }
    current = valueAt(current, [segment]);
  }
  if (current === undefined || current === null) return 0;
  if (typeof current === 'number') return current;
  return fail('TYPE_ERROR', `${place}: ${pathText(path)} is no number, so nothing can be added to it.`);
}

/** Longer ones do not fit a key of LMDB beside the route and the entity. */
const pathLimit = 1000;

function increment(unit: Unit, operation: IncrementOperation): Outcome {
  const { route, key, path, delta } = operation;
  const name = pathKey(path);
  if (name.includes('\\ud')) bodyOf([...path]);
  if (Buffer.byteLength(name) > pathLimit)
    fail('TYPE_ERROR', `The path of a counter has at most ${pathLimit} bytes.`);
  if (path.length === 0) fail('TYPE_ERROR', `${placeOf(operation)}: an increment needs a field.`);
  if (!unit.live(route, key))
    unit.put(route, key, { payload: {}, body: bodyOf({}), expiresAt: 0, price: undefined });
  const live = unit.live(route, key);
  if (!live) fail('NOT_FOUND', `${placeOf(operation)} is not there.`);
  const counters = unit.countersOf(route, key, live);
  const start =
    counters.get(name) ??
    startValue(withCounters(unit.payloadOf(route, key, live), counters), path, placeOf(operation));
  const sum = start + delta;
  if (!Number.isFinite(sum))
    fail('TYPE_ERROR', `${placeOf(operation)}: ${pathText(path)} leaves the range of numbers.`);
  const value = sum === 0 ? 0 : sum;
  const draft = unit.count(route, key, name, value, counterBody(name, value));
  if (unit.hasPatterns()) {
    const after = unit.live(route, key);
    if (after)
      checkPatterns(
        unit,
        route,
        withCounters(unit.payloadOf(route, key, after), unit.countersOf(route, key, after)),
      );
  }
  return { kind: 'increment', value, tx: draft.tx };
}

/** Nothing when it was written anew or swept meanwhile. Answers as `hide` does; nobody asks. */
function expire(unit: Unit, { route, key, tx }: ExpireOperation): Outcome {
  const removed = key === null ? unit.expireEvent(route, tx) : unit.expireEntity(route, key);
  return { kind: 'hide', removed };
}

/** Names longer than the contract allows would not fit the keys of the tables; half characters would become others. */
function checkNames(route: string, key: string | null): void {
  if (route === '' || route.length > 512 || loneSurrogate.test(route)) {
    fail('INVALID_ROUTE', 'A route has 1 to 512 characters.');
  }
  if (key !== null && (key.length > 256 || loneSurrogate.test(key))) {
    fail('INVALID_KEY', 'A key has at most 256 characters.');
  }
}

function evaluateOne(unit: Unit, operation: AnyOperation): Outcome {
  checkNames(operation.route, operation.kind === 'hide' ? null : operation.key);
  switch (operation.kind) {
    case 'put':
      return put(unit, operation);
    case 'merge':
      return merge(unit, operation);
    case 'delete':
      return remove(unit, operation);
    case 'hide':
      return hide(unit, operation);
    case 'increment':
      return increment(unit, operation);
    case 'expire':
      return expire(unit, operation);
    default:
      return assertNever(operation);
  }
}

/** The error of one of several operations names it first. */
function withIndex(thrown: unknown, index: number): unknown {
  if (!(thrown instanceof DropsError)) return thrown;
  const { diagnostic } = thrown;
  return new DropsError(
    { ...diagnostic, details: [{ index }, ...(diagnostic.details ?? [])] },
    { cause: thrown },
  );
}

/** Evaluates the operations of a unit in order, each seeing those before it. Throws the first mistake; nothing is written. */
export function evaluate(unit: Unit, operations: readonly AnyOperation[]): readonly Outcome[] {
  return operations.map((operation, index) => {
    try {
      return evaluateOne(unit, operation);
    } catch (thrown) {
      throw operations.length > 1 ? withIndex(thrown, index) : thrown;
    }
  });
}
