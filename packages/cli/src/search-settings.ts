import type { EngineOptions } from '@drops/engine';
import { UsageError } from './failures.js';
import { countOf, oneOf, type FlagSpecs } from './flags.js';

export const searchFlags = {
  embedder: {
    value: 'off|hashed|model|URL',
    about:
      'what makes vectors of texts: off, hashed (like spellings, no meaning), model (a small one of English that is installed beside), or the address of a service that speaks as OpenAI does, with DROPS_EMBEDDER_MODEL and DROPS_EMBEDDER_KEY (default: DROPS_EMBEDDER, else off)',
  },
  'vector-type': {
    value: 'TYPE',
    about: 'how graphs of vectors hold them: f32, f16 or i8 (default: DROPS_VECTOR_TYPE, else f16)',
  },
  'vector-memory': {
    value: 'MB',
    about:
      'memory that a process keeps graphs of vectors in, 0 for no limit (default: DROPS_VECTOR_MEMORY, else 1024)',
  },
} as const satisfies FlagSpecs;

export type SearchSettings = Pick<EngineOptions, 'embedder' | 'vectorType' | 'vectorMemory'>;

/** Flags first, then environment. */
export function searchSettings(
  setting: (flag: string, variable: string) => string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): SearchSettings {
  const type = setting('vector-type', 'DROPS_VECTOR_TYPE') ?? 'f16';
  return {
    embedder: embedderOf(setting('embedder', 'DROPS_EMBEDDER') ?? 'off', env),
    vectorMemory:
      countOf(setting('vector-memory', 'DROPS_VECTOR_MEMORY') ?? '1024', '--vector-memory') * 2 ** 20,
    vectorType: oneOf('--vector-type', type, ['f32', 'f16', 'i8']),
  };
}

function embedderOf(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): SearchSettings['embedder'] {
  if (text === 'off') return undefined;
  if (text === 'hashed' || text === 'model') return { kind: text };
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`--embedder ${text.slice(0, 60)} is not off, hashed, model or an http address`);
  }
  const model = env['DROPS_EMBEDDER_MODEL'];
  if (model === undefined || model === '') {
    throw new UsageError('--embedder with an address needs DROPS_EMBEDDER_MODEL');
  }
  const key = env['DROPS_EMBEDDER_KEY'];
  return { kind: 'http', url: text, model, ...(key !== undefined && key !== '' && { key }) };
}
