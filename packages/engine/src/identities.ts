import { anonymous, type Identity } from '@drops/access';
import {
  identifySubkey,
  isKeyText,
  isSubkey,
  requiresSignature,
  sameSecret,
  type Vault,
} from '@drops/capabilities';
import { DropsError, fail } from '@drops/diagnostics';
import type { Store } from '@drops/store';
import { createRecent } from './recent.js';

/** Who a credential stands for. */
export interface Identified {
  readonly identity: Identity;
  /** True: only a request that this key has signed is from this identity. */
  readonly mustSign: boolean;
}

/** Who stands behind the credentials of requests, for one store. */
export interface Identities {
  /**
   * What is remembered is answered at once, all else with a promise. null: nobody in particular. INVALID_KEY (401) for what has the form of no credential, FORBIDDEN for a sub-key that works
   * no more: never anonymous. No message repeats a credential.
   */
  identify(credential: string | null): Identified | Promise<Identified>;
  /** Takes a signature once, until the given time in ms since the epoch: INVALID_SIGNATURE when it was seen before. */
  admitOnce(fingerprint: string, until: number): Promise<void>;
  /** Forgets what is remembered of credentials: something of theirs has changed. */
  forget(): void;
}

export interface IdentitySettings {
  /** Every key must sign its requests (DROPS_AUTH=signed). */
  readonly signed: boolean;
  /** Keys that may do everything. */
  readonly adminKeys: readonly string[];
}

/** Credentials that are remembered, and for how many ms: what another process changes is seen that much later at most. */
const remembered = 10_000;
const memoryMs = 10_000;

/** Where signatures are kept that were seen, until they are too old anyway. */
const replaysRoute = '__replays';

interface Known extends Identified {
  readonly until: number;
}

const nobody: Identified = { identity: anonymous, mustSign: false };

export function createIdentities(store: Store, vault: Vault, settings: IdentitySettings): Identities {
  let known = createRecent<string, Known>(remembered);

  /** Looks a credential up in the newest state. */
  const lookUp = async (credential: string): Promise<Known> => {
    const snapshot = await store.snapshot();
    try {
      const soon = Date.now() + memoryMs;
      if (isSubkey(credential)) {
        const { identity, until } = await identifySubkey(credential, snapshot, vault);
        return { identity, mustSign: false, until: Math.min(soon, until) };
      }
      if (!isKeyText(credential)) {
        fail('INVALID_KEY', 'the key of the caller is 43 characters of A-Z a-z 0-9 _ -', { status: 401 });
      }
      // All of them are compared, so that the time tells nothing.
      const isAdmin = settings.adminKeys.filter((key) => sameSecret(key, credential)).length > 0;
      return {
        identity: { kind: 'key', key: credential, ...(isAdmin && { admin: true }) },
        mustSign: settings.signed || (await requiresSignature(snapshot, credential)),
        until: soon,
      };
    } finally {
      snapshot.release();
    }
  };

  return {
    identify(credential) {
      if (credential === null) return nobody;
      const before = known.get(credential);
      if (before && before.until > Date.now()) return before;
      const memory = known;
      return lookUp(credential).then((found) => {
        // What changed while it was looked up was forgotten with that memory.
        memory.set(credential, found);
        return found;
      });
    },
    async admitOnce(fingerprint, until) {
      const operation = {
        kind: 'put',
        route: replaysRoute,
        key: fingerprint,
        payload: {},
        expiresAt: until,
        precondition: { kind: 'absent' },
      } as const;
      try {
        await store.commit({ operations: [operation], writer: null });
      } catch (thrown) {
        if (!(thrown instanceof DropsError) || thrown.diagnostic.code !== 'CONFLICT') throw thrown;
        fail('INVALID_SIGNATURE', 'this signature was seen before', {
          hint: 'sign anew, with another nonce',
        });
      }
    },
    forget() {
      known = createRecent(remembered);
    },
  };
}
