import { createRequire } from 'node:module';
import type * as usearch from 'usearch';

type Usearch = typeof usearch;

let loaded: Usearch | undefined;
let missing = false;

/**
 * The native library, loaded when it is first needed: few statements search by vector. undefined where its package has
 * no binary for this machine: all vectors are compared then.
 */
export function loadUsearch(): Usearch | undefined {
  if (loaded || missing) return loaded;
  try {
    // As a CommonJS module it finds its binary beside itself; as an ES module it looks for that along the call stack.
    const library: Usearch = createRequire(import.meta.url)('usearch');
    loaded = library;
  } catch {
    missing = true;
  }
  return loaded;
}
