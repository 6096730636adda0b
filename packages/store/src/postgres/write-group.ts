import { fail, invariant } from '@drops/diagnostics';
import type { Pattern } from '@drops/ir';
import { isDefinitionRoute } from '../definitions.js';
import { publicIdOf } from '../public-id.js';
import type { Draft } from '../writing/draft.js';
import { evaluate, type Outcome } from '../writing/operations.js';
import { createStates } from '../writing/states.js';
import { createUnitMaker } from '../writing/unit.js';
import { resultOf, type UnitResult, type WriteRequest } from '../writing/write-request.js';
import type { Catalogue, Head } from './catalogue.js';
import { changesOf, type RouteChange } from './changes.js';
import type { Session, SqlRow } from './connection.js';
import { NotFetched, type FetchedStates } from './fetched-states.js';
import { linkOf, writeRecord, type WrittenRecord } from './records.js';
import { derivedParts, headPart, isOpaque, truthParts, writeParts } from './write-changes.js';

/** The head while its row is locked: nobody else writes. */
export interface LockedHead extends Head {
  readonly link: Buffer;
}

/** A commit that the units of a group are parts of. */
export interface Whole {
  readonly time: number;
  readonly lastTx: number;
}

interface EvaluatedUnit {
  readonly time: number;
  readonly writer: string | null;
  readonly drafts: readonly Draft[];
  readonly outcomes: readonly Outcome[];
  /** The last tx of the unit. */
  readonly tx: number;
}
type Evaluated =
  | { readonly kind: 'done'; readonly unit: EvaluatedUnit }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface GroupParts {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly states: FetchedStates;
  readonly clock: () => number;
  readonly channel: string;
}

/** What a group came to, once its transaction stands. */
export interface WrittenGroup {
  readonly head: LockedHead;
  readonly results: readonly UnitResult[];
  readonly routes: readonly RouteChange[];
}

export function lockedHead(row: SqlRow | undefined): LockedHead {
  invariant(row, 'the store has a head');
  const [tx, time, epoch, link] = row;
  invariant(Buffer.isBuffer(link), 'the head has a link');
  return { tx: Number(tx), time: Number(time), epoch: Number(epoch), link };
}

/** Begins a transaction that no other writes beside: the row of the head is locked first, so that all that follows sees what others wrote. */
export async function beginWriting(session: Session): Promise<LockedHead> {
  await session.query({ text: 'begin' });
  const [row] = await session.query({
    name: 'lock',
    text: 'select tx, time, epoch, link from head for update',
  });
  return lockedHead(row);
}

/** Evaluates the units of a group one after the other; each sees the ones before it. Throws NotFetched when states are missing. */
function evaluateGroup(
  requests: readonly WriteRequest[],
  head: Head,
  patterns: ReadonlyMap<string, Pattern>,
  fetched: FetchedStates,
  now: number,
  whole: Whole | undefined,
): readonly Evaluated[] {
  const states = createStates(fetched);
  const units = createUnitMaker(states);
  units.startGroup();
  let { tx, time: last } = head;
  let missing = false;
  const evaluated = requests.map(({ operations, writer }): Evaluated => {
    const time = whole?.time ?? Math.max(now, last);
    const unit = units.begin({ baseTx: tx, time, patterns });
    try {
      const outcomes = evaluate(unit, operations);
      states.keep();
      const { drafts } = unit;
      tx += drafts.length;
      if (drafts.length > 0) last = time;
      return {
        kind: 'done',
        unit: { time, writer: writer === null ? null : publicIdOf(writer), drafts, outcomes, tx },
      };
    } catch (error) {
      states.undo();
      // The rest is looked at too: what it lacks is fetched with the same statement.
      if (error instanceof NotFetched) missing = true;
      return { kind: 'failed', error };
    }
  });
  if (missing) throw new NotFetched();
  return evaluated;
}

/** Rounds of fetching: a unit may ask for something only after it was given something else. */
const mostRounds = 100;

async function evaluateFetched(
  { session, catalogue, states, clock }: GroupParts,
  requests: readonly WriteRequest[],
  head: Head,
  whole: Whole | undefined,
): Promise<readonly Evaluated[]> {
  const now = clock();
  const { patterns } = catalogue.definitions(Math.max(now, head.time));
  for (const { operations } of requests) states.expect(operations);
  for (let round = 0; round < mostRounds; round += 1) {
    if (states.isWanting()) await states.fetch(session, (path) => catalogue.route(path)?.id);
    try {
      return evaluateGroup(requests, head, patterns, states, now, whole);
    } catch (error) {
      if (!(error instanceof NotFetched)) throw error;
    }
  }
  return fail('INTERNAL_ERROR', 'The states of a group of writes never came together.');
}

/** Ids of routes, new ones given out in order; the row of the head is locked meanwhile. */
function routeIds(catalogue: Catalogue): (path: string) => number {
  const made = new Map<string, number>();
  let last = catalogue.lastId();
  return (path) => {
    const known = catalogue.route(path)?.id ?? made.get(path);
    if (known !== undefined) return known;
    last += 1;
    made.set(path, last);
    return last;
  };
}

function recordsOf(
  evaluated: readonly Evaluated[],
  idOf: (path: string) => number,
  whole: Whole | undefined,
): readonly WrittenRecord[] {
  return evaluated.flatMap((one) => {
    if (one.kind === 'failed') return [];
    const { time, writer, drafts, tx } = one.unit;
    const facts = { time, writer, lastTx: whole?.lastTx ?? tx };
    return drafts.map((draft) => writeRecord(draft, idOf(draft.route), facts));
  });
}

/**
 * Writes the units of a group with one link of the chain, within the transaction that has locked the head. A unit that
 * fails leaves no trace and the others go on.
 */
export async function writeGroup(
  parts: GroupParts,
  requests: readonly WriteRequest[],
  head: LockedHead,
  whole?: Whole,
): Promise<WrittenGroup> {
  const { session, catalogue, states, channel } = parts;
  const evaluated = await evaluateFetched(parts, requests, head, whole);
  const records = recordsOf(evaluated, routeIds(catalogue), whole);
  const last = records.at(-1);
  let next = head;
  let routes: readonly RouteChange[] = [];
  if (last) {
    const link = linkOf(head.link, records);
    const epoch = records.findLast(({ draft }) => isDefinitionRoute(draft.route))?.draft.tx ?? head.epoch;
    next = { tx: last.draft.tx, time: last.time, epoch, link };
    const changes = changesOf(records, (route, key) => states.counters(route, key).keys(), isOpaque);
    routes = changes.routes;
    await writeParts(session, [
      ...truthParts(records, link),
      ...derivedParts(changes, next.tx),
      headPart(next, link, channel),
    ]);
  }
  const results = evaluated.map((one): UnitResult => {
    if (one.kind === 'failed') return one;
    const { outcomes, time, writer, tx } = one.unit;
    return {
      kind: 'done',
      result: { tx, results: outcomes.map((outcome) => resultOf(outcome, time, writer)) },
    };
  });
  return { head: next, results, routes };
}
