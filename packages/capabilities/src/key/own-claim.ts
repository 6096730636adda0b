import { publicIdOf } from '@drops/access';
import { fail } from '@drops/diagnostics';
import type { Snapshot } from '@drops/store';
import { claimOf, type Claim } from './claims.js';
import { principalOf } from './principal.js';

/** The claim of a key that the caller has claimed; NOT_FOUND, or FORBIDDEN when it is another key's. */
export async function ownClaim(snapshot: Snapshot, caller: string, named: string): Promise<Claim> {
  const claim = await claimOf(snapshot, await principalOf(snapshot, named));
  if (!claim) return fail('NOT_FOUND', 'nobody has claimed this key');
  return claim.owner === publicIdOf(caller) ? claim : fail('FORBIDDEN', 'this key is claimed by another key');
}
