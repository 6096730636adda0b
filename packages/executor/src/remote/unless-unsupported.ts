import { DropsError } from '@drops/diagnostics';
import { sliceRows } from '../operators/slice.js';
import type { Source } from '../operators/source.js';
import type { Batch } from '../row.js';

/** Nothing for what a database does not run after all; any other error is thrown. */
export function noneIfUnsupported(thrown: unknown): undefined {
  if (thrown instanceof DropsError && thrown.diagnostic.code === 'UNSUPPORTED') return undefined;
  throw thrown;
}

/**
 * The rows of a source; once it says that it cannot give them, since a number is out of range in a row that its database only then looks at,
 * those of `instead`, which are the same ones, after as many as were given.
 */
export function unlessUnsupported(source: Source, instead: () => Source): Source {
  let current = source;
  let given = 0;
  const next = async (): Promise<Batch | null> => {
    const pulled = await Promise.resolve(current.next()).then(
      (batch) => ({ batch }),
      (thrown) => (current === source ? noneIfUnsupported(thrown) : Promise.reject(thrown)),
    );
    if (!pulled) {
      current = sliceRows(instead(), given, undefined);
      return current.next();
    }
    given += pulled.batch?.length ?? 0;
    return pulled.batch;
  };
  return {
    next,
    close() {
      source.close();
      if (current !== source) current.close();
    },
  };
}
