import { open, type Engine, type EngineOptions } from '@drops/engine';
import type { ServeOptions } from '@drops/server';
import type { Io } from '../io.js';
import type { ServerSettings } from '../settings.js';

const describeFault = (fault: unknown) =>
  `fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`;

/** Opens the data that a server serves. */
export function openEngine(
  settings: ServerSettings,
  io: Io,
  hooks: Pick<EngineOptions, 'announce' | 'warn'>,
): Promise<Engine> {
  const { data, publicUrl, durability, limits, openZone } = settings;
  return open({
    data,
    onFault: (fault) => io.err(describeFault(fault)),
    durability,
    openZone,
    limits,
    ...(publicUrl !== undefined && { publicUrl }),
    ...hooks,
  });
}

/** How a server serves them. */
export function serveOptions({ adminToken, durability }: ServerSettings, io: Io): ServeOptions {
  return { adminToken, durability, onFault: (fault) => io.err(describeFault(fault)) };
}
