import { createHash } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import { isSignedBy } from '@drops/engine';
import {
  readContentDigest,
  readSignatures,
  signatureBase,
  SignatureError,
  type MessageSignature,
  type RequestMessage,
} from '@drops/signatures';
import type { Services } from './services.js';

/** Seconds that a signature is good, and that the clock of its maker may be ahead. */
const life = 300;
const ahead = 60;

/** A request but for how its server was addressed, which a proxy may have changed. */
export type ReceivedMessage = Omit<RequestMessage, 'scheme'>;

function refuse(reason: string, hint?: string): never {
  fail('INVALID_SIGNATURE', `the signature of the request does not hold: ${reason}`, { hint });
}

/** The signatures that a request carries; SIGNATURE_REQUIRED when it has none. */
function signaturesOf({ header }: ReceivedMessage): readonly MessageSignature[] {
  const [input, signature] = [header('signature-input'), header('signature')];
  if (input !== undefined && signature !== undefined) return readSignatures(input, signature);
  return fail(
    'SIGNATURE_REQUIRED',
    'requests of this key are signed: Signature-Input and Signature are missing',
    {
      hint: 'RFC 9421: cover "@method", "@path" and, with a body, "content-digest"; created, keyid',
    },
  );
}

/** What a signature must cover and say, but for its bytes. */
function checkParameters({ parameters }: MessageSignature, hasBody: boolean, now: number): number {
  const { components, created, expires, alg } = parameters;
  const covers = (name: string): boolean => components.includes(name);
  if (!covers('@method')) refuse('it does not cover "@method"');
  if (!covers('@path') && !covers('@target-uri')) refuse('it covers neither "@path" nor "@target-uri"');
  if (hasBody && !covers('content-digest')) refuse('it does not cover "content-digest"');
  if (alg !== undefined && alg !== 'ed25519') refuse('its algorithm is not ed25519');
  if (created === undefined) return refuse('it does not say when it was created');
  if (created > now + ahead) refuse('it was created in the future', 'check the clock');
  if (created < now - life) refuse(`it is older than ${life} s`, 'sign anew');
  if (expires !== undefined && expires < now) refuse('it has expired', 'sign anew');
  return created;
}

function checkDigest({ header }: ReceivedMessage, body: Uint8Array): void {
  const given = header('content-digest');
  if (given === undefined) refuse('there is no Content-Digest', 'RFC 9530');
  const digests = readContentDigest(given);
  if (digests.length === 0) refuse('Content-Digest has neither sha-256 nor sha-512');
  for (const { algorithm, bytes } of digests) {
    const found = createHash(algorithm.replace('-', '')).update(body).digest();
    if (!found.equals(bytes)) refuse('the body is not the one of its Content-Digest');
  }
}

/** The ways in which a client may have addressed the server; behind a proxy it may be another than arrived here. */
function* addressings(message: ReceivedMessage, publicUrl: string | undefined): Generator<RequestMessage> {
  for (const scheme of ['http', 'https']) yield { ...message, scheme };
  if (publicUrl === undefined) return;
  const { protocol, host } = new URL(publicUrl);
  yield { ...message, scheme: protocol.slice(0, -1), authority: host };
}

/** The base under which a signature holds; undefined when it holds under none. */
function heldBase(
  key: string,
  { parameters, canonical, bytes }: MessageSignature,
  message: ReceivedMessage,
  publicUrl: string | undefined,
): string | undefined {
  const depends = parameters.components.some((name) => /^@(scheme|target-uri|authority)$/.test(name));
  for (const addressed of addressings(message, publicUrl)) {
    const base = signatureBase(addressed, parameters.components, canonical);
    if (isSignedBy(key, Buffer.from(base), bytes)) return base;
    if (!depends) return undefined;
  }
  return undefined;
}

async function check(
  key: string,
  message: ReceivedMessage,
  body: Uint8Array,
  { engine, publicUrl, clock }: Services,
): Promise<void> {
  const signature = signaturesOf(message).find(({ parameters }) => parameters.keyid === key);
  if (!signature) return refuse('no signature has the key of X-Ocean-Key as its keyid');
  const created = checkParameters(signature, body.length > 0, Math.floor(clock() / 1000));
  if (signature.parameters.components.includes('content-digest')) checkDigest(message, body);
  const base = heldBase(key, signature, message, publicUrl);
  if (base === undefined) return refuse('it is not that of this key over this request');
  // Of the base, not of the signature: one base has one signature that is good, however it is written.
  const fingerprint = createHash('sha256').update(`${key}\n${base}`).digest('hex');
  await engine.admitOnce(fingerprint, (created + life + ahead) * 1000);
}

/**
 * Checks that a key has signed a request (RFC 9421), body included (RFC 9530), within the last 300 s, and takes each signature
 * once. SIGNATURE_REQUIRED, INVALID_SIGNATURE.
 */
export async function checkSignature(
  key: string,
  message: ReceivedMessage,
  body: Uint8Array,
  services: Services,
): Promise<void> {
  try {
    await check(key, message, body, services);
  } catch (error) {
    if (error instanceof SignatureError) refuse(error.message);
    throw error;
  }
}
