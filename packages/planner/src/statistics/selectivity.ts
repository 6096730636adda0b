import { conjuncts, isArray, type Expression, type IndexBound, type Path } from '@drops/ir';
import { indexTerm } from '../indexes/index-terms.js';
import { conditionShare, equalShare, type FieldStatistics } from './field-statistics.js';

/** What is known of the fields that a predicate reads. */
export type KnownFields = (path: Path) => FieldStatistics | undefined;

const nothingKnown: KnownFields = () => undefined;

/** Round figures, where nothing is known of the values. */
function usualShare(term: Expression): number {
  switch (term.kind) {
    case 'Cmp':
      return term.op === '=' ? 0.1 : term.op === '!=' ? 0.9 : 0.33;
    case 'In':
      return term.list.kind === 'Lit' && isArray(term.list.value)
        ? Math.min(0.5, term.list.value.length * 0.1)
        : 0.3;
    case 'InQuery':
    case 'Like':
      return 0.25;
    case 'Exists':
      return term.negated ? 0.1 : 0.9;
    default:
      return 0.5;
  }
}

/** The share that statistics tell of a comparison with a value. */
function knownShare(term: Expression, fields: KnownFields): number | undefined {
  const found = indexTerm(term);
  const statistics = found && fields(found.path);
  if (!statistics) return undefined;
  switch (found.kind) {
    case 'equal':
      return equalShare(statistics, found.value);
    case 'next':
      return conditionShare(statistics, found.condition);
    case 'bound':
      return conditionShare(statistics, { kind: 'range', [found.side]: found.bound });
  }
}

/** Terms that are the opposite of one that statistics tell of. */
function opposite(term: Expression): Expression | undefined {
  if (term.kind === 'Cmp' && term.op === '!=') return { ...term, op: '=' };
  if (term.kind === 'In' && term.negated) return { ...term, negated: false };
  if (term.kind === 'Exists' && !term.negated) return { ...term, negated: true };
  return undefined;
}

/** The share of rows a predicate keeps, as if its terms had nothing to do with each other. */
export function selectivity(predicate: Expression, fields: KnownFields = nothingKnown): number {
  switch (predicate.kind) {
    case 'And':
      return conjunctionShare(conjuncts(predicate), fields);
    case 'Or':
      return 1 - predicate.terms.reduce((share, term) => share * (1 - selectivity(term, fields)), 1);
    case 'Not':
      return 1 - selectivity(predicate.term, fields);
    case 'Lit':
      return predicate.value === true ? 1 : 0;
    default: {
      const known = knownShare(predicate, fields);
      if (known !== undefined) return known;
      const other = opposite(predicate);
      const share = other && knownShare(other, fields);
      return share === undefined ? usualShare(predicate) : 1 - share;
    }
  }
}

interface Range {
  readonly statistics: FieldStatistics;
  readonly ends: { readonly lower?: IndexBound; readonly upper?: IndexBound };
}

/** Both ends of a range belong together: apart they would keep the product of two halves. */
function conjunctionShare(terms: readonly Expression[], fields: KnownFields): number {
  const ranges = new Map<string, Range>();
  let share = 1;
  for (const term of terms) {
    const found = indexTerm(term);
    const statistics = found?.kind === 'bound' ? fields(found.path) : undefined;
    if (found?.kind !== 'bound' || !statistics) {
      share *= selectivity(term, fields);
      continue;
    }
    const name = JSON.stringify(found.path);
    ranges.set(name, { statistics, ends: { ...ranges.get(name)?.ends, [found.side]: found.bound } });
  }
  for (const { statistics, ends } of ranges.values()) {
    share *= conditionShare(statistics, { kind: 'range', ...ends });
  }
  return share;
}
