import { join } from 'node:path';
import { createMailer, createVault, secretInFolder, type Surroundings } from '@drops/capabilities';
import type { Store } from '@drops/store';
import { filesBeside } from '@drops/store/address';
import type { EngineOptions } from './engine.js';
import { createIdentities, type Identities } from './identities.js';

/** Where a server is when nobody says it. */
const localUrl = 'http://127.0.0.1:7700';
const usualSender = 'Drops <no-reply@localhost>';

type Settings = EngineOptions & Required<Pick<EngineOptions, 'onFault'>>;

/** What the handlers of capabilities work with, and who is behind credentials: both of them under one secret. */
export function surroundingsOf(
  store: Store,
  settings: Settings,
): { readonly surroundings: Surroundings; readonly identities: Identities } {
  const {
    files = filesBeside(settings.data),
    signed = false,
    publicUrl,
    mail,
    onFault,
    callbacks,
    adminKeys = [],
  } = settings;
  const vault = createVault(() => settings.secret ?? secretInFolder(files));
  const identities = createIdentities(store, vault, { signed, adminKeys });
  const mailer = createMailer({
    smtpUrl: mail?.smtpUrl,
    from: mail?.from ?? usualSender,
    outbox: join(files, 'outbox'),
    onFault,
  });
  const baseUrl = (): string => (publicUrl ?? settings.baseUrl?.() ?? localUrl).replace(/\/+$/, '');
  const identitiesChanged = identities.forget;
  return {
    identities,
    surroundings: { store, vault, mailer, baseUrl, callbacks, signed, identitiesChanged },
  };
}
