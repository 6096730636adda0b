import {
  decide,
  denialError,
  isAdministrator,
  may,
  visibility,
  type Identity,
  type Visible,
} from '@drops/access';
import { walk, type Effect, type Plan } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import { noProtection, type Protection } from './access/guard.js';
import { guardedStore, type StatementStore } from './access/guarded-store.js';
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

/**
 * The one gate: every plan passes it with its effects before anything runs, by whichever door it came. Refuses it, or says
 * what it may see and gives it the store to write to.
 */
export function gate(host: Host, snapshot: Snapshot, entrant: Entrant): Pass | Promise<Pass> {
  const { identity, plan, effects } = entrant;
  const store = guardedStore(host, identity, () => protectionOf(entrant));
  if (isAdministrator(identity)) return pass({ identity, visible: undefined, tells: undefined }, store);
  const records = recordsOf(createReads(snapshot), host.access, host.accessCache);
  return decided(() => {
    // Whoever asks why something is refused is told.
    const asks = plan.kind === 'Explain' && plan.mode === 'access';
    const denial = asks ? undefined : decide(identity, effects, records);
    if (denial) throw denialError(denial, plan.span);
    const visible = visibility(identity, effects, records);
    const tells: Visible = (route) => may(identity, 'entity', route, records).allowed;
    if (!isLocal(snapshot)) foresee(effects, snapshot, visible, tells);
    return pass({ identity, visible, tells }, store);
  });
}

/** A store that has to be asked for records tells of each look whether it is worth asking for many at once. */
const isLocal = (snapshot: Snapshot): boolean => snapshot.getMany === undefined;

/** Asks of every route that a statement may meet, while records that are not at hand can still be fetched. */
function foresee(
  effects: readonly Effect[],
  snapshot: Snapshot,
  visible: Visible | undefined,
  tells: Visible,
): void {
  for (const { route, subtree, writes } of effects) {
    if (writes && route !== null && !subtree) tells(route);
    if (writes || visible === undefined) continue;
    const met = route !== null && !subtree ? [route] : snapshot.routes(route ?? undefined);
    for (const one of met) visible(one);
  }
}

function pass(rights: Pick<Pass, 'identity' | 'visible' | 'tells'>, store: StatementStore): Pass {
  const { identity, visible, tells } = rights;
  return { [passed]: true, identity, visible, tells, store };
}
