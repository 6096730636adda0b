import { DropsError } from '@drops/diagnostics';
import type { Source } from '../operators/source.js';
import type { Batch } from '../row.js';

/** Nothing for what a database does not run after all; any other error is thrown. */
export function noneIfUnsupported(thrown: unknown): undefined {
  if (thrown instanceof DropsError && thrown.diagnostic.code === 'UNSUPPORTED') return undefined;
  throw thrown;
}

/** The rows of a source, or those of `instead` where the first pull says that it cannot give them. */
export function unlessUnsupported(source: Source, instead: () => Source): Source {
  let current: Source | undefined;
  const first = async (): Promise<Batch | null> => {
    const pulled = await Promise.resolve(source.next()).then((batch) => ({ batch }), noneIfUnsupported);
    current = pulled ? source : instead();
    return pulled ? pulled.batch : current.next();
  };
  return {
    next: () => (current ? current.next() : first()),
    close() {
      source.close();
      if (current !== source) current?.close();
    },
  };
}
