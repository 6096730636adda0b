import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject } from '@drops/ir';
import { open, type Engine, type EngineOptions, type Identity } from './index.js';

/** An engine over a folder of its own, with a clock that a test sets. */
export interface TestEngine {
  readonly engine: Engine;
  readonly folder: string;
  readonly clock: { now: number };
  /** Calls `service.verb` as a credential (null: nobody); its result, or the code and status of its error. */
  call(credential: string | null, name: string, values?: JsonObject): Promise<Outcome>;
  /** Runs a text as a credential. */
  exec(credential: string | null, text: string): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  readonly status: number;
  readonly body: JsonObject;
  /** The code of the error. */
  readonly code: Json | undefined;
}

export function outcomeOf({ status, body }: { readonly status: number; readonly body: Json }): Outcome {
  if (!isObject(body)) throw new Error(`no object: ${JSON.stringify(body)}`);
  const error = body['error'] ?? null;
  return { status, body, code: isObject(error) ? error['code'] : undefined };
}

/** The key that a short name stands for. */
export const keyOf = (name: string): string => name.padEnd(43, '0');

export async function openTestEngine(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'drops-engine-'));
  const clock = { now: Date.parse('2026-05-01T12:00:00Z') };
  const engine = await open({ data: folder, durability: 'relaxed', clock: () => clock.now, ...options });
  const identityOf = async (credential: string | null): Promise<Identity> =>
    (await engine.identify(credential)).identity;
  return {
    engine,
    folder,
    clock,
    async call(credential, name, values = {}) {
      const [service = '', verb = ''] = name.split('.');
      const call = { service, verb, arguments: Object.entries(values) };
      return outcomeOf(await engine.invoke(call, { identity: await identityOf(credential) }));
    },
    async exec(credential, text) {
      return outcomeOf(await engine.exec(text, { identity: await identityOf(credential) }));
    },
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
