/**
 * How far a translation says what the statement says.
 * `exact given the schema`: as long as the columns have the types the statement implies.
 * `approximate`: where the answer may differ, and why.
 */
export type Fidelity =
  | { readonly kind: 'exact' }
  | { readonly kind: 'exact given the schema'; readonly notes: readonly string[] }
  | { readonly kind: 'approximate'; readonly why: readonly string[] };

/** Fidelity on one line: `exact`, `exact given the schema`, `approximate: why`. */
export function fidelityText(fidelity: Fidelity): string {
  return fidelity.kind === 'approximate' ? `approximate: ${fidelity.why.join('; ')}` : fidelity.kind;
}

/** Collects what a translation has to admit while it is being written. */
export interface FidelityLog {
  /** The answer depends on the types of the columns. */
  schema(note?: string): void;
  /** The answer may differ. */
  approximate(why: string): void;
  result(): Fidelity;
}

export function fidelityLog(): FidelityLog {
  const notes = new Set<string>();
  const reasons = new Set<string>();
  let schema = false;
  return {
    schema(note) {
      schema = true;
      if (note !== undefined) notes.add(note);
    },
    approximate(why) {
      reasons.add(why);
    },
    result() {
      if (reasons.size > 0) return { kind: 'approximate', why: [...reasons, ...notes] };
      return schema ? { kind: 'exact given the schema', notes: [...notes] } : { kind: 'exact' };
    },
  };
}
