import type { ParameterUse, ParameterValues, Query } from '@drops/ir';

/** A query with its parameters open: what queries that differ in their values have in common. */
export interface QueryTemplate {
  readonly query: Query;
  /** The query with these values, which say in it which parameters they are of. */
  readonly bound: Query;
  readonly uses: ReadonlyMap<string, ParameterUse>;
  readonly values: ParameterValues;
}

/** Longer values rarely come again. */
const longestValue = 200;

/**
 * What of its values a plan of the template is made for: the type of a text or a number that is only compared or shown, any
 * other value as it is. Undefined when it is too long to be told apart.
 */
export function signatureOf({ uses, values }: QueryTemplate): string | undefined {
  let signature = '';
  for (const [name, use] of uses) {
    const value = values.get(name);
    if (use === 'operand' && typeof value === 'string') signature += 's';
    else if (use === 'operand' && typeof value === 'number') signature += 'n';
    else {
      const text = JSON.stringify(value ?? null);
      if (text.length > longestValue) return undefined;
      signature += `${text};`;
    }
  }
  return signature;
}

/** The parameters whose texts or numbers differ between two values of one signature. */
export function changedSlots(a: QueryTemplate, b: QueryTemplate): readonly string[] {
  const changed: string[] = [];
  for (const [name, use] of a.uses) {
    if (use === 'operand' && a.values.get(name) !== b.values.get(name)) changed.push(name);
  }
  return changed;
}
