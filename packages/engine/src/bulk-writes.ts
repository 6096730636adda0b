import { accessKey, isAdministrator, writerOf, zoneOf } from '@drops/access';
import { effects } from '@drops/analyzer';
import { checkRoute, DropsError, fail, invariant } from '@drops/diagnostics';
import type { Json } from '@drops/ir';
import type { PutOperation, Snapshot } from '@drops/store';
import { priceMark } from './access/guard.js';
import { callerOf } from './caller.js';
import type { ExecOptions, Identity, NewDrop, NewDrops, Reply } from './engine.js';
import { gate, type Pass } from './gate.js';
import type { Host } from './host.js';
import { failure, soleReply, success } from './reply.js';

const span = { start: 0, end: 0 };

/** Passes the gate as a save to the route does. */
function gateSave(host: Host, snapshot: Snapshot, identity: Identity, route: string): Pass | Promise<Pass> {
  const fault = checkRoute(route);
  if (fault) fail('INVALID_ROUTE', fault.message);
  const payload = { kind: 'Lit', value: null, span } as const;
  const put = { kind: 'Put', route, payload, mode: 'append', open: false, span } as const;
  return gate(host, snapshot, { identity, plan: put, effects: effects(put) });
}

/** Passes the gate as saves to the routes do, and replies with what `write` answers. */
async function asSave(
  host: Host,
  routes: readonly string[],
  options: ExecOptions,
  write: (passes: readonly Pass[]) => Promise<Json>,
): Promise<Reply> {
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await host.store.snapshot();
    const { identity } = callerOf(options);
    const passes: Pass[] = [];
    for (const route of routes) passes.push(await gateSave(host, snapshot, identity, route));
    return soleReply(success(await write(passes), []));
  } catch (thrown) {
    return soleReply(failure(host, thrown));
  } finally {
    snapshot?.release();
  }
}

function putOperation(route: string, { key, payload, price, expiresAt }: NewDrop): PutOperation {
  return {
    kind: 'put',
    route,
    key,
    payload,
    ...(price !== undefined && { price }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** The store names the operation that failed only among several. */
function withIndex(thrown: unknown, operations: number): unknown {
  if (!(thrown instanceof DropsError) || operations !== 1) return thrown;
  const { diagnostic } = thrown;
  const details = [{ index: 0 }, ...(diagnostic.details ?? [])];
  return new DropsError({ ...diagnostic, details }, { cause: thrown });
}

/** Drops of one route in one commit: a bulk that came as data. */
export function runWrites(
  host: Host,
  route: string,
  drops: readonly NewDrop[],
  options: ExecOptions,
): Promise<Reply> {
  return asSave(host, [route], options, async ([pass]) => {
    invariant(pass, 'one route, one pass');
    const operations = drops.map((drop) => putOperation(route, drop));
    try {
      const request = { operations, writer: writerOf(pass.identity), wantsResults: false };
      const { tx } = await pass.store.commit(request);
      return { ok: true, count: operations.length, tx };
    } catch (thrown) {
      throw withIndex(thrown, operations.length);
    }
  });
}

/** A load is too large to judge each drop by what stands in its place: where that matters it takes the administrator. */
function checkLoaded(identity: Identity, { route, key }: NewDrop & { readonly route: string }): void {
  if (isAdministrator(identity)) return;
  const { kind } = zoneOf(route);
  if (key !== accessKey && (kind === 'open' || kind === 'private' || kind === 'shared')) return;
  fail('FORBIDDEN', `only the administrator loads access lists and drops of the ${kind} zone`);
}

/** Any number of drops in one commit. */
export function runLoad(
  host: Host,
  { routes, drops, count, refused }: NewDrops,
  options: ExecOptions,
): Promise<Reply> {
  const { identity } = callerOf(options);
  return asSave(host, routes, options, async () => {
    const priced = new Set<string>();
    const { tx, written } = await host.store.load({
      *operations() {
        for (const drop of drops()) {
          invariant(routes.includes(drop.route), 'a drop goes to a route that passed the gate');
          checkLoaded(identity, drop);
          if (drop.price !== undefined && drop.price > 0) priced.add(drop.route);
          yield putOperation(drop.route, drop);
        }
      },
      count,
      writer: writerOf(identity),
      refused: (index, { diagnostic }) => refused(index, diagnostic.message),
    });
    if (written > 0 && priced.size > 0) {
      await host.store.commit({ operations: [...priced].map(priceMark), writer: null });
    }
    return { ok: written === count, count: written, tx };
  });
}
