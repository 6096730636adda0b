import { createPublicKey, verify } from 'node:crypto';
import { fail } from '@drops/diagnostics';
import type { Snapshot } from '@drops/store';
import { digestOf, systemRecord } from '../records.js';

/** Where keys are listed that work only with signed requests, by their SHA-256. */
const signedRoute = '__signed';

/** True when a key has asked that its requests be signed. */
export async function requiresSignature(snapshot: Snapshot, key: string): Promise<boolean> {
  return (await systemRecord(snapshot, signedRoute, digestOf(key))) !== undefined;
}

export { signedRoute };

/** What begins the SubjectPublicKeyInfo of every Ed25519 key (RFC 8410 §4). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * True when `signature` is that of a key over a text (RFC 8032). A key that is no point of the curve, as bearer mode takes
 * it too, has signed nothing.
 */
export function isSignedBy(key: string, text: Uint8Array, signature: Uint8Array): boolean {
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length !== 32 || signature.length !== 64) return false;
  try {
    const der = Buffer.concat([ed25519Prefix, bytes]);
    return verify(null, text, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}

/** What a key signs to let another key claim it. */
export function claimStatement(claimer: string): string {
  return `drops: this key may be claimed by ${claimer}`;
}

/**
 * Where keys are public, knowing one must not be enough to take it over: the claimed key signs that it may be claimed.
 * FORBIDDEN without that proof.
 */
export function checkProof(claimed: string, claimer: string, proof: string | undefined): void {
  const signature = Buffer.from(proof ?? '', 'base64url');
  if (isSignedBy(claimed, Buffer.from(claimStatement(claimer)), signature)) return;
  fail('FORBIDDEN', 'this key can be claimed only with its proof', {
    hint: `proof: the claimed key's Ed25519 signature, base64url, over "${claimStatement('<your key>')}"`,
  });
}
