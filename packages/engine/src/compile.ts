import type { Diagnostic } from '@drops/diagnostics';
import type { EmitStage } from './engine.js';

export interface CompileOptions {
  /** Base of the URLs in curl and REST output. */
  readonly publicUrl?: string;
}

export type CompileResult =
  /** Text for SQL, curl and REST; JSON data for the stages. One statement: its output; several: an array of them. */
  | { readonly ok: true; readonly output: unknown; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Compiles a script to one stage without a store. Parameters stay open. Spans point into `text`. */
export type Compile = (text: string, stage: EmitStage, options?: CompileOptions) => CompileResult;

/** Every error and warning of a script, in order of place. */
export type Check = (text: string) => readonly Diagnostic[];
