import { compile, open, type Engine, type EngineOptions } from '@drops/engine';
import { listen } from '@drops/server';
import { httpDoor, type Door } from './door.js';
import { folderPlace, type Place } from './place.js';
import { watchedDoor } from './watched-door.js';

export interface EmbeddedOptions {
  readonly optimise: boolean;
  /** Where time stands still from the start; the real time without it. */
  readonly clock?: string | undefined;
  /** Where its store is kept: a folder, or tables in a database. */
  readonly place?: Place | undefined;
}

interface Opened {
  readonly engine: Engine;
  readonly clock: { now: number } | undefined;
  close(): Promise<void>;
}

async function openFresh(
  { optimise, clock: start, place = folderPlace() }: EmbeddedOptions,
  hooks: Pick<EngineOptions, 'onFault' | 'warn'> = {},
): Promise<Opened> {
  const clock = start === undefined ? undefined : { now: Date.parse(start) };
  const engine = await open({
    data: place.data,
    optimise,
    durability: 'relaxed',
    ...hooks,
    ...(clock && { clock: () => clock.now }),
  });
  return {
    engine,
    clock,
    close: async () => {
      await engine.close();
      await place.remove();
    },
  };
}

/** The IR of a text without its spans: where a statement stood is no part of what it means. */
function irOf(text: string): unknown {
  const result = compile(text, 'ir');
  if (!result.ok) throw new Error(`${text} does not compile: ${JSON.stringify(result.diagnostics)}`);
  return JSON.parse(
    JSON.stringify(result.output, (name, value: unknown) => (name === 'span' ? undefined : value)),
  );
}

/** A door to an engine of its own in this process, over an empty store. */
export async function embeddedDoor(options: EmbeddedOptions): Promise<Door> {
  const { engine, clock, close } = await openFresh(options);
  return watchedDoor({
    name: options.optimise ? 'embedded' : 'unoptimised',
    fresh: true,
    ir: irOf,
    ...(clock && { clock }),
    exec: async ({ query, key, params, on_error }) =>
      engine.exec(query, {
        identity: (await engine.identify(key ?? null)).identity,
        ...(params && { params: JSON.parse(JSON.stringify(params)) }),
        ...(on_error && { onError: on_error }),
      }),
    close,
  });
}

/** A door to a server of its own, on a free port over an empty store; whatever it says is watched for keys. */
export async function servedDoor(options: EmbeddedOptions): Promise<Door> {
  const lines: string[] = [];
  const tell = (thing: unknown): void =>
    void lines.push(String(thing instanceof Error ? thing.stack : thing));
  const { engine, clock, close } = await openFresh(options, { onFault: tell, warn: tell });
  const server = await listen(engine, { port: 0, onFault: tell, warn: tell });
  return {
    ...watchedDoor(httpDoor(server.url), () => lines.splice(0)),
    fresh: true,
    ...(clock && { clock }),
    close: async () => {
      await server.close();
      await close();
    },
  };
}
