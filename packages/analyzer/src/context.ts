import type { Diagnostic } from '@drops/diagnostics';
import type { Catalog } from './catalog.js';

/** What lowering carries along: the names, and where warnings go. */
export interface LowerContext {
  readonly catalog: Catalog;
  readonly warn: (warning: Diagnostic) => void;
}
