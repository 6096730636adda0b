import { fail, type Span } from '@drops/diagnostics';
import type { Fidelity } from './fidelity.js';
import type { Translation } from './translation.js';

/** Why a translation is less than exact, or nothing. */
function shortfall(fidelity: Fidelity): string | undefined {
  switch (fidelity.kind) {
    case 'exact':
      return undefined;
    case 'exact given the schema': {
      const notes =
        fidelity.notes.length > 0 ? fidelity.notes : ['columns have the types the statement implies'];
      return `it is exact only as long as ${notes.join('; ')}`;
    }
    case 'approximate':
      return fidelity.why.join('; ');
  }
}

/** Refuses a translation that is less than exact, with the reasons. Code UNSUPPORTED, at the place of the statement. */
export function requireExact({ fidelity, target }: Translation, span: Span): void {
  const why = shortfall(fidelity);
  if (why === undefined) return;
  fail('UNSUPPORTED', `no exact translation to ${target}: ${why}`, {
    span,
    hint: 'without --strict it is written all the same',
  });
}
