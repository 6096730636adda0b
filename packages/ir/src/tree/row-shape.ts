import { assertNever } from '@drops/diagnostics';
import type { Relation } from '../nodes/relational.js';

/** `drop`: stored records. `joined`: records with a joined one beside them. `flat`: rows of named columns. */
export type RowShape = 'drop' | 'joined' | 'flat';

/** What the rows of a relation are. */
export function rowShape(relation: Relation): RowShape {
  switch (relation.kind) {
    case 'Scan':
    case 'Search':
    case 'FacetScan':
      return 'drop';
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return rowShape(relation.input);
    case 'Project':
    case 'Group':
      return 'flat';
    case 'Join':
      return 'joined';
    default:
      return assertNever(relation);
  }
}

/** Columns of flat rows. `open`: a `pick *` over drops adds names that only the data knows. */
export interface Columns {
  readonly names: readonly string[];
  readonly open: boolean;
}

/** The columns of a relation with flat rows; undefined for drops. */
export function columnsOf(relation: Relation): Columns | undefined {
  switch (relation.kind) {
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return columnsOf(relation.input);
    case 'Group':
      return {
        names: [...(relation.by ?? []).map((c) => c.as), ...relation.aggregates.map((a) => a.as)],
        open: false,
      };
    case 'Project': {
      const own = relation.items.map((i) => i.as);
      if (!relation.star) return { names: own, open: false };
      const below = columnsOf(relation.input);
      if (!below) return { names: ['key', ...own], open: true };
      return { names: [...below.names, ...own.filter((n) => !below.names.includes(n))], open: below.open };
    }
    case 'Scan':
    case 'Search':
    case 'FacetScan':
    case 'Join':
      return undefined;
    default:
      return assertNever(relation);
  }
}
