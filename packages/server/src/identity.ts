import type { Identified } from '@drops/engine';
import type { Services } from './services.js';

const administrator: Identified = {
  identity: { kind: 'administrator', remote: true },
  mustSign: false,
};

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
