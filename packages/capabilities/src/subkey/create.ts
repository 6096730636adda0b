import { publicIdOf } from '@drops/access';
import { fail } from '@drops/diagnostics';
import { checkText } from '@drops/ir';
import { keyOf, textArgument, textsArgument, type Call, type Handler } from '../handler.js';
import { digestOf } from '../records.js';
import { makeCredential } from './credential.js';
import { checkWeaker, readPermissions, readRoutes } from './limits.js';
import { sealedFor, subkeyRecord, subkeysRoute } from './stored.js';

/** When the new sub-key ends, ISO 8601; TYPE_ERROR for what is no time to come. */
function expiryOf(call: Call): string | null {
  const text = textArgument(call, 'expires_at');
  if (text === undefined) return null;
  const time = Date.parse(checkText(text, 'time', 'expires_at', { start: 0, end: 0 }));
  if (time <= call.snapshot.now) fail('TYPE_ERROR', 'expires_at is past');
  return new Date(time).toISOString();
}

/** Makes a sub-key. This is the only answer that ever shows it. */
export const create: Handler = async (call, { store, vault }) => {
  const caller = keyOf(call);
  const given = textsArgument(call, 'routes');
  const routes = given ? readRoutes(given) : null;
  const permissions = readPermissions(textsArgument(call, 'permissions') ?? []);
  if (caller.limits)
    checkWeaker(caller.limits, { permissions: new Set(permissions), ...(routes && { routes }) });
  const { owner, id, text } = makeCredential(publicIdOf(caller.key));
  const about = { label: textArgument(call, 'label') ?? null, permissions, routes };
  const expiresAt = expiryOf(call);
  const payload = subkeyRecord({
    id,
    secret: digestOf(text),
    key: vault.seal(caller.key, sealedFor(owner, id)),
    ...about,
    expiresAt,
    maker: caller.limits?.id ?? null,
  });
  const precondition = { kind: 'absent' } as const;
  const operations = [{ kind: 'put', route: subkeysRoute(owner), key: id, payload, precondition } as const];
  await store.commit({ operations, writer: null });
  return {
    ok: true,
    id,
    key: text,
    ...about,
    permissions: [...permissions],
    routes: routes && [...routes],
    expires_at: expiresAt,
  };
};
