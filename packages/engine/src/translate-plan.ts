import { capabilityOf } from '@drops/capabilities';
import type { Plan, TranslationTarget } from '@drops/ir';
import { fidelityText, translate } from '@drops/translate';

/** What `translate … to …` answers. */
export interface TranslationReply {
  readonly target: TranslationTarget;
  readonly output: string;
  readonly fidelity: string;
}

/** A plan as text of another language. `source` is its canonical Drops text, for what no endpoint expresses. */
export function translatePlan(
  plan: Plan,
  target: TranslationTarget,
  source: () => string,
  publicUrl: string | undefined,
): TranslationReply {
  const { output, fidelity } = translate(plan, target, {
    source: source(),
    capability: capabilityOf,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  return { target, output, fidelity: fidelityText(fidelity) };
}
