import { createHash, timingSafeEqual } from 'node:crypto';
import type { Identified } from '@drops/engine';
import type { Services } from './services.js';

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Tells in a time that depends on neither whether a text is a secret. */
export function recogniser(secret: string): (text: string) => boolean {
  const expected = digestOf(secret);
  return (text) => timingSafeEqual(digestOf(text), expected);
}

const administrator: Identified = { identity: { kind: 'administrator' }, mustSign: false };

/**
 * Who a credential stands for: the admin token for the administrator, all else as the engine says. What is no good credential
 * is refused, never anonymous; messages do not repeat it.
 */
export function identify(
  credential: string | null,
  { engine, isAdminToken }: Services,
): Identified | Promise<Identified> {
  if (credential !== null && isAdminToken?.(credential)) return administrator;
  return engine.identify(credential);
}
