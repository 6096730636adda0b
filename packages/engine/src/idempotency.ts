import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DropsError, fail } from '@drops/diagnostics';
import { isObject, type Json, type JsonObject } from '@drops/ir';
import type { Operation, Precondition, Store } from '@drops/store';
import type { Identity, Reply } from './engine.js';
import type { Host } from './host.js';

/** Where first answers are kept: a system route, so no statement of a caller reads or writes it. */
const answersRoute = '__idempotency';
/** Seconds that an answer is kept. */
const answerLife = 24 * 60 * 60;
/** Seconds that a claim holds: whoever runs a request renews it, so it outlives only a process that died. */
const claimLife = 15;
const renewInterval = 5000;
/** Ms between two looks for the answer of another. */
const lookInterval = 10;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function answerKey(identity: Identity, token: string): string {
  const who = identity.kind === 'key' ? `key ${identity.key}` : identity.kind;
  return digest(`${who}\n${token}`);
}

/** What the store knows of a key: who came first is running the request, or has its answer. */
type Known = { readonly kind: 'running' } | { readonly kind: 'answered'; readonly reply: Reply };

function readRecord(record: Json, request: string): Known {
  if (!isObject(record) || record.request !== request) {
    fail('CONFLICT', 'this Idempotency-Key was used with another request', {
      hint: 'a new request needs a new Idempotency-Key',
    });
  }
  const { status, body } = record;
  return typeof status === 'number' && body !== undefined
    ? { kind: 'answered', reply: { status, body } }
    : { kind: 'running' };
}

async function lookUp(store: Store, key: string, request: string): Promise<Known | undefined> {
  const snapshot = await store.snapshot();
  try {
    const drop = await snapshot.get(answersRoute, key);
    return drop === undefined || drop === 'deleted' ? undefined : readRecord(drop.payload, request);
  } finally {
    snapshot.release();
  }
}

/** The right to run a request: a record that says so, and dies with its process. */
interface Claim {
  /** Replaces it by the answer. */
  answer(reply: Reply): Promise<void>;
  /** Gives it up: the next try runs the request again. */
  release(): Promise<void>;
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof DropsError && thrown.diagnostic.code === 'CONFLICT';
}

/** Claims a key for this request; undefined when another, of this process or of another one, was quicker. */
async function claim(store: Store, key: string, request: string): Promise<Claim | undefined> {
  const write = async (payload: JsonObject, ttl: number, precondition?: Precondition): Promise<number> => {
    const put = { kind: 'put', route: answersRoute, key, payload, ttl } as const;
    const operation: Operation = precondition ? { ...put, precondition } : put;
    return (await store.commit({ operations: [operation], writer: null })).tx;
  };
  let tx: number;
  try {
    tx = await write({ request }, claimLife, { kind: 'absent' });
  } catch (thrown) {
    if (isConflict(thrown)) return undefined;
    throw thrown;
  }
  let last: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    // A full disk, say: what runs goes on, and may be renewed the next time.
    tx = await write({ request }, claimLife, { kind: 'tx', tx }).catch(() => tx);
  };
  const timer = setInterval(() => (last = last.then(renew)), renewInterval).unref();
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await last;
  };
  return {
    async answer({ status, body }) {
      await stop();
      await write({ request, status, body }, answerLife);
    },
    async release() {
      await stop();
      const precondition = { kind: 'tx', tx } as const;
      const remove = { kind: 'delete', route: answersRoute, key, precondition } as const;
      // What cannot be removed ends by itself.
      await store.commit({ operations: [remove], writer: null }).catch(() => undefined);
    },
  };
}

/** Runs what was claimed, and keeps its answer. */
async function runClaimed(held: Claim, run: () => Promise<Reply>): Promise<Reply> {
  let reply: Reply | undefined;
  try {
    reply = await run();
    return reply;
  } finally {
    // A fault of ours may be gone at the next try: it is no answer to keep.
    if (reply && reply.status < 500) await held.answer(reply);
    else await held.release();
  }
}

/**
 * Runs a write once per `Idempotency-Key` and caller: a repeat within 24 h gets the first answer, the same key with another
 * request is a CONFLICT. The record in the store decides, so it holds among all processes: a claim before the run, the
 * answer after it, each in a commit of its own. A crash between the two forgets the key after 15 s, not the write.
 */
export async function runOnce(
  { store }: Host,
  identity: Identity,
  token: string,
  request: string,
  run: () => Promise<Reply>,
): Promise<Reply> {
  const key = answerKey(identity, token);
  const fingerprint = digest(request);
  for (;;) {
    const known = await lookUp(store, key, fingerprint);
    if (known?.kind === 'answered') return known.reply;
    const held = known ? undefined : await claim(store, key, fingerprint);
    if (held) return runClaimed(held, run);
    await wait(lookInterval);
  }
}
