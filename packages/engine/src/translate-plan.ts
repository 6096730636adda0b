import { capabilityOf } from '@drops/capabilities';
import type { Plan, TranslationTarget } from '@drops/ir';
import { fidelityText, requireExact, translate } from '@drops/translate';

/** What `translate … to …` answers. */
export interface TranslationReply {
  readonly target: TranslationTarget;
  readonly output: string;
  readonly fidelity: string;
}

export interface TranslationOptions {
  /** Base of the URLs in curl and REST output. */
  readonly publicUrl?: string | undefined;
  /** UNSUPPORTED for anything less than exact. */
  readonly strict?: boolean | undefined;
}

/** A plan as text of another language. `source` is its canonical Drops text, for what no endpoint expresses. */
export function translatePlan(
  plan: Plan,
  target: TranslationTarget,
  source: () => string,
  { publicUrl, strict = false }: TranslationOptions,
): TranslationReply {
  const translation = translate(plan, target, {
    source: source(),
    capability: capabilityOf,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  if (strict) requireExact(translation, plan.span);
  const { fidelity, output } = translation;
  return { target, output, fidelity: fidelityText(fidelity) };
}
