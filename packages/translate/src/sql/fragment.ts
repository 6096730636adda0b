/**
 * SQL under construction. Values stay apart from the text until the end, so that one writer serves
 * both forms: literals in the text, or placeholders with the values beside it.
 */
export type Piece =
  | string
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'parameter'; readonly name: string };

/** How tightly a fragment holds together; a weaker one gets parentheses where a stronger one is needed. */
export const strength = { or: 0, and: 1, not: 2, predicate: 3, operation: 4, atom: 5 } as const;
export type Strength = (typeof strength)[keyof typeof strength];

export interface Fragment {
  readonly pieces: readonly Piece[];
  readonly strength: Strength;
}

type Tag = (texts: TemplateStringsArray, ...parts: readonly (Fragment | string)[]) => Fragment;

/** The pieces of a fragment, in parentheses when it holds less tightly than asked. */
function piecesAt(fragment: Fragment, least: Strength): readonly Piece[] {
  return fragment.strength >= least ? fragment.pieces : ['(', ...fragment.pieces, ')'];
}

function tag(own: Strength, operands: Strength): Tag {
  return (texts, ...parts) => {
    const pieces: Piece[] = [];
    for (const [i, text] of texts.entries()) {
      if (text !== '') pieces.push(text);
      const part = parts[i];
      if (typeof part === 'string') pieces.push(part);
      else if (part !== undefined) pieces.push(...piecesAt(part, operands));
    }
    return { pieces, strength: own };
  };
}

/** A call, a name, a literal, something in parentheses: operands inside stay as they are. */
export const atom = tag(strength.atom, strength.or);
/** Arithmetic and other operators: operands that are no atoms get parentheses. */
export const operation = tag(strength.operation, strength.atom);
/** A comparison or test: operands may be operations. */
export const predicate = tag(strength.predicate, strength.operation);
/** A fragment whose place has parentheses already. */
export function bare(fragment: Fragment): Fragment {
  return { ...fragment, strength: strength.atom };
}

/** Text around fragments, without parentheses of its own: clauses and whole statements. */
export const clause = tag(strength.or, strength.or);

/** A value that is written as a literal or bound. */
export function value(of: string | number): Fragment {
  return { pieces: [{ kind: 'value', value: of }], strength: strength.atom };
}

/** A place that the caller fills. */
export function parameter(name: string): Fragment {
  return { pieces: [{ kind: 'parameter', name }], strength: strength.atom };
}

/** Fragments one after another with a separator. */
export function join(fragments: readonly Fragment[], separator: string): Fragment {
  const pieces = fragments.flatMap((f, i): readonly Piece[] =>
    i === 0 ? f.pieces : [separator, ...f.pieces],
  );
  return { pieces, strength: strength.or };
}

function logical(own: Strength, word: string, least: Strength, terms: readonly Fragment[]): Fragment {
  const [only] = terms;
  if (only && terms.length === 1) return only;
  const wrapped = terms.map((t) => ({ pieces: piecesAt(t, least), strength: own }));
  return { ...join(wrapped, ` ${word} `), strength: own };
}

/** Terms joined by AND; a lone term is itself. */
export function allOf(terms: readonly Fragment[]): Fragment {
  return logical(strength.and, 'AND', strength.not, terms);
}

/** Terms joined by OR; a lone term is itself. */
export function anyOf(terms: readonly Fragment[]): Fragment {
  return logical(strength.or, 'OR', strength.and, terms);
}

/** NOT of something that is never unknown. */
export function negation(term: Fragment): Fragment {
  return { pieces: ['NOT (', ...term.pieces, ')'], strength: strength.not };
}

/** True for text that holds no values. */
export function plainText(fragment: Fragment): string | undefined {
  const texts = fragment.pieces.filter((p) => typeof p === 'string');
  return texts.length === fragment.pieces.length ? texts.join('') : undefined;
}

/** A quotient that is null by zero. */
export const nullByZero = (left: Fragment, right: Fragment): Fragment =>
  operation`${left} / NULLIF(${bare(right)}, 0)`;
