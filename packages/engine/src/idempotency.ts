import { createHash } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import { isObject, type Json } from '@drops/ir';
import type { Identity, Reply } from './engine.js';
import type { Host } from './host.js';

/** Where first answers are kept: a system route, so no statement of a caller reads or writes it. */
const answersRoute = '__idempotency';
/** Seconds that an answer is kept. */
const lifeSpan = 24 * 60 * 60;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function answerKey(identity: Identity, token: string): string {
  const who = identity.kind === 'key' ? `key ${identity.key}` : identity.kind;
  return digest(`${who}\n${token}`);
}

function readAnswer(record: Json, request: string): Reply | undefined {
  if (!isObject(record) || typeof record.status !== 'number' || record.body === undefined) return undefined;
  if (record.request !== request) {
    fail('CONFLICT', 'this Idempotency-Key was used with another request', {
      hint: 'a new request needs a new Idempotency-Key',
    });
  }
  return { status: record.status, body: record.body };
}

/**
 * Runs a write once per `Idempotency-Key` and caller: a repeat within 24 h gets the first answer, the same key with another
 * request is a CONFLICT. The answer is stored right after the write, in a commit of its own: a crash between the two
 * forgets the key, not the write.
 */
export async function runOnce(
  host: Host,
  identity: Identity,
  token: string,
  request: string,
  run: () => Promise<Reply>,
): Promise<Reply> {
  const key = answerKey(identity, token);
  const fingerprint = digest(request);
  while (host.pendingAnswers.has(key)) await host.pendingAnswers.get(key);
  const known = storedAnswer(host, key, fingerprint);
  if (known) return known;
  const answer = run().then(async (reply) => {
    await storeAnswer(host, key, fingerprint, reply);
    return reply;
  });
  host.pendingAnswers.set(key, answer);
  try {
    return await answer;
  } finally {
    host.pendingAnswers.delete(key);
  }
}

function storedAnswer(host: Host, key: string, request: string): Reply | undefined {
  const snapshot = host.store.snapshot();
  try {
    const drop = snapshot.get(answersRoute, key);
    return drop === undefined || drop === 'deleted' ? undefined : readAnswer(drop.payload, request);
  } finally {
    snapshot.release();
  }
}

async function storeAnswer(host: Host, key: string, request: string, { status, body }: Reply): Promise<void> {
  // A fault of ours may be gone at the next try: it is no answer to keep.
  if (status >= 500) return;
  const payload = { request, status, body };
  await host.store.commit({
    operations: [{ kind: 'put', route: answersRoute, key, payload, ttl: lifeSpan }],
    writer: null,
  });
}
