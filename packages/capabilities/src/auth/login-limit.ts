import { fail } from '@drops/diagnostics';
import { isArray } from '@drops/ir';
import type { Operation, Snapshot } from '@drops/store';
import { asRead, systemRecord } from '../records.js';
import type { Vault } from '../vault.js';

/** When links were asked for, by address. It stands in the store, so it holds for all processes and across restarts. */
const loginsRoute = '__auth/logins';
const most = 5;
const hour = 60 * 60;

/** Counts a link for an address; AUTH_RATE_LIMITED after five within an hour. */
export async function countLogin(snapshot: Snapshot, vault: Vault, email: string): Promise<Operation> {
  const { now } = snapshot;
  const key = vault.name(email, 'logins');
  const record = await systemRecord(snapshot, loginsRoute, key);
  const times = record?.fields['times'] ?? null;
  const recent = (isArray(times) ? times : []).filter(
    (time) => typeof time === 'number' && time > now - hour * 1000,
  );
  if (recent.length >= most) {
    fail('AUTH_RATE_LIMITED', `an address gets at most ${most} sign-in links an hour`);
  }
  return {
    kind: 'put',
    route: loginsRoute,
    key,
    payload: { times: [...recent, now] },
    ttl: hour,
    precondition: asRead(record),
  };
}
