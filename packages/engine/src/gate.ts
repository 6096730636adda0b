import {
  decide,
  denialError,
  isAdministrator,
  may,
  visibility,
  type AccessRecords,
  type Identity,
  type Visible,
} from '@drops/access';
import { walk, type Effect, type Plan } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { noProtection, type Protection } from './access/guard.js';
import { guardedStore, type StatementStore } from './access/guarded-store.js';
import { isAboutOthers, ruledSnapshot, rowRulesFor } from './access/row-rules.js';
import { createReads, decided } from './access/reads.js';
import { recordsOf } from './access/records.js';
import type { Host } from './host.js';

/** Not exported: a pass is made here alone. */
const passed = Symbol('passed');

/** What a statement got at the gate. Nothing runs without one, and only the gate gives one. */
export interface Pass {
  readonly [passed]: true;
  readonly identity: Identity;
  /** Which routes it may read, where it reads several; undefined: all that it names. */
  readonly visible: Visible | undefined;
  /** Whether it may tell what stands on a route that it writes; undefined: it may. */
  readonly tells: Visible | undefined;
  /** A state of the store as the caller sees it. */
  readonly see: (snapshot: Snapshot) => Snapshot;
  /** The store, whose commits are judged one by one. */
  readonly store: StatementStore;
}

/** What the gate is asked about. */
export interface Entrant {
  readonly identity: Identity;
  readonly plan: Plan;
  readonly effects: readonly Effect[];
  /** A statement of /exec: a key that begins a route with an entity protects it. */
  readonly protects?: boolean;
}

/** The routes that a plan writes as public. */
function publicRoutes(plan: Plan): ReadonlySet<string> {
  const routes = new Set<string>();
  walk(plan, (node) => {
    if (node.kind === 'Put' && node.open) routes.add(node.route);
    return undefined;
  });
  return routes;
}

function protectionOf({ plan, protects }: Entrant): Protection {
  return protects === true ? { protects, publicRoutes: publicRoutes(plan) } : noProtection;
}

/** Under which name a caller is remembered as let in; callers with limits or more rights than a key are not. */
function plainName(identity: Identity): string | undefined {
  if (identity.kind === 'anonymous') return '';
  return identity.kind === 'key' && !identity.limits && !identity.admin ? identity.key : undefined;
}

/** Remembers that a statement was let in whole: the next of its kind costs a look-up while the state is the same. */
function remember({ identity, effects }: Entrant, { accessCache }: Host): void {
  const name = plainName(identity);
  if (name === undefined) return;
  const names = accessCache.letIn.get(effects) ?? new Set();
  accessCache.letIn.set(effects, names.add(name));
}

function isRemembered({ identity, effects }: Entrant, { accessCache }: Host, { tx }: Snapshot): boolean {
  if (accessCache.tx !== tx) return false;
  const name = plainName(identity);
  return name !== undefined && accessCache.letIn.get(effects)?.has(name) === true;
}

/**
 * The one gate: every plan passes it with its effects before anything runs, by whichever door it came. Refuses it, or says
 * what it may see and gives it the store to write to.
 */
export function gate(host: Host, snapshot: Snapshot, entrant: Entrant): Pass | Promise<Pass> {
  const { identity } = entrant;
  const enter = (rights: Rights): Pass =>
    pass(
      rights,
      guardedStore(host, identity, () => protectionOf(entrant), rights.see),
    );
  if (isAdministrator(identity))
    return enter({ identity, visible: undefined, tells: undefined, see: asItIs });
  // What is asked later must be at hand then: elsewhere it is foreseen.
  if (isLocal(snapshot) && isRemembered(entrant, host, snapshot)) {
    const tells: Visible = (route) => mayTell(identity, route, recordsAt(host, snapshot));
    return enter({ identity, visible: undefined, tells, see: asItIs });
  }
  const records = recordsAt(host, snapshot);
  return decided(() => enter(rightsOf(host, snapshot, entrant, records)));
}

const recordsAt = (host: Host, snapshot: Snapshot): AccessRecords =>
  recordsOf(createReads(snapshot), host.access, host.accessCache);

/** Whether a writer may hear what a counter of a route says. */
function mayTell(identity: Identity, route: string, records: AccessRecords): boolean {
  return may(identity, 'entity', route, records).allowed && !records.priced(route);
}

type Rights = Pick<Pass, 'identity' | 'visible' | 'tells' | 'see'>;

/** What a statement may see. Throws what it may not do. */
function rightsOf(host: Host, snapshot: Snapshot, entrant: Entrant, records: AccessRecords): Rights {
  const { identity, plan, effects } = entrant;
  // Whoever asks why something is refused is told.
  const asks = plan.kind === 'Explain' && plan.mode === 'access';
  const denial = asks ? undefined : decide(identity, effects, records);
  if (denial) {
    host.audit.refused(identity, { ...denial, deed: plan.kind });
    throw denialError(denial, plan.span);
  }
  const kept = isLocal(snapshot) ? (test: Visible) => test : keptAnswers;
  const seen = visibility(identity, effects, records);
  const visible = seen && kept(seen);
  const tells = kept((route) => mayTell(identity, route, records));
  const mayQuery = kept((route) => may(identity, 'query', route, records).allowed);
  const found = rowRulesFor(identity, effects, records, mayQuery);
  const rules = found && { ...found, rules: kept(found.rules) };
  if (!isLocal(snapshot)) {
    foresee(effects, snapshot, tells, [
      ...(visible ? [visible] : []),
      ...(rules ? [rules.rules, mayQuery] : []),
    ]);
  } else if (!asks && visible === undefined && rules === undefined && host.accessCache.tx === snapshot.tx) {
    remember(entrant, host);
  }
  return { identity, visible, tells, see: rules ? (state) => ruledSnapshot(state, rules) : asItIs };
}

const asItIs = (snapshot: Snapshot): Snapshot => snapshot;

/** A store that has to be asked for records tells of each look whether it is worth asking for many at once. */
const isLocal = (snapshot: Snapshot): boolean => snapshot.getMany === undefined;

/** A test that is asked once a route: what it reads may not be at hand a second time. */
function keptAnswers(test: Visible): Visible {
  const answers = new Map<string, boolean>();
  return (route) => {
    const answer = answers.get(route) ?? test(route);
    answers.set(route, answer);
    return answer;
  };
}

/** Names that definitions have or are about: a route of that name need not hold a drop. */
const definedNames = ({ definitions: { patterns, views } }: Snapshot): readonly string[] => [
  ...patterns.keys(),
  ...views.keys(),
];

/** Asks of every route that a statement may meet, while records that are not at hand can still be fetched. */
function foresee(
  effects: readonly Effect[],
  snapshot: Snapshot,
  tells: Visible,
  asks: readonly ((route: string) => unknown)[],
): void {
  for (const { route, subtree, writes } of effects) {
    if (writes && route !== null && !subtree) tells(route);
    if (writes || asks.length === 0) continue;
    const met = route !== null && !subtree ? [route] : snapshot.routes(route ?? undefined);
    const about = met.some((one) => isAboutOthers(one)) || route === null ? definedNames(snapshot) : [];
    for (const one of [...met, ...about]) for (const ask of asks) ask(one);
  }
}

function pass(rights: Rights, store: StatementStore): Pass {
  const { identity, visible, tells, see } = rights;
  return { [passed]: true, identity, visible, tells, see, store };
}
