import type { TranslationTarget } from '@drops/ir';
import type { Fidelity } from './fidelity.js';

/** A statement in another language. */
export interface Translation {
  readonly target: TranslationTarget;
  readonly output: string;
  /** How far it says what the statement says. */
  readonly fidelity: Fidelity;
  /** Names of the parameters that stand as placeholders in the SQL, in order. */
  readonly parameters?: readonly string[];
}
