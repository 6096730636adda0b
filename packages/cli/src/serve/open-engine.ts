import { open, type Engine, type EngineOptions } from '@drops/engine';
import type { ServeOptions } from '@drops/server';
import type { Io } from '../io.js';
import type { ServerSettings } from '../settings.js';
import { keepRowsYoung } from './young-rows.js';

const describeFault = (fault: unknown) =>
  `fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`;

/** Opens the data that a server serves. */
export function openEngine(
  settings: ServerSettings,
  io: Io,
  hooks: Pick<EngineOptions, 'announce' | 'announceKey' | 'warn' | 'baseUrl'>,
): Promise<Engine> {
  const {
    data,
    publicUrl,
    durability,
    limits,
    auth,
    adminKeys,
    smtpUrl,
    mailFrom,
    callbacks,
    secret,
    files,
    embedder,
    vectorType,
    vectorMemory,
    openZone,
  } = settings;
  keepRowsYoung();
  return open({
    data,
    onFault: (fault) => io.err(describeFault(fault)),
    durability,
    openZone,
    limits,
    embedder,
    vectorType,
    vectorMemory,
    signed: auth === 'signed',
    adminKeys,
    mail: { ...(smtpUrl !== undefined && { smtpUrl }), ...(mailFrom !== undefined && { from: mailFrom }) },
    ...(callbacks && { callbacks }),
    ...(secret !== undefined && { secret }),
    ...(files !== undefined && { files }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...hooks,
  });
}

/** How a server serves them. */
export function serveOptions(settings: ServerSettings, io: Io): ServeOptions {
  const { adminToken, durability, rateLimit, trustProxy, publicUrl } = settings;
  return {
    adminToken,
    durability,
    rateLimit,
    trustProxy,
    publicUrl,
    onFault: (fault) => io.err(describeFault(fault)),
  };
}
