import type { Span } from '@drops/diagnostics';
import type { Path } from '@drops/ir';
import type { FidelityLog } from '../fidelity.js';
import { unsupported } from '../unsupported.js';
import type { SqlDialect } from './dialect.js';
import { atom, value, type Fragment } from './fragment.js';

/** Columns of a table, when they are known; they decide where a name stands after a join. */
export type ColumnLookup = (route: string) => readonly string[] | undefined;

/** What every part of the writer needs. */
export interface SqlContext {
  readonly dialect: SqlDialect;
  readonly fidelity: FidelityLog;
  readonly columns: ColumnLookup;
  /** Whoever runs it puts the rows in order: where the database leaves an order open, nothing is lost. */
  readonly isOrderedElsewhere?: boolean;
  /** Fields have no types of their own: a value of any type may stand in each, and is looked at row by row. */
  readonly isTypedByRow?: boolean;
  /** Where a field of either side of a join is read: the left one's where it has it, be it null. Missing: found by the names of columns. */
  eitherSide?(left: Fragment, right: Fragment, path: Path): Fragment;
  /** A fresh name for a derived table. */
  nextAlias(): string;
  /** UNSUPPORTED with the product's name. */
  refuse(what: string, why: string, span: Span, hint?: string): never;
}

/** `taken`: names that no derived table may take. */
export function sqlContext(
  dialect: SqlDialect,
  fidelity: FidelityLog,
  columns: ColumnLookup,
  taken: ReadonlySet<string>,
): SqlContext {
  let aliases = 0;
  const next = (): string => {
    aliases += 1;
    return taken.has(`t${aliases}`) ? next() : `t${aliases}`;
  };
  return {
    dialect,
    fidelity,
    columns,
    nextAlias: next,
    refuse: (what, why, span, hint) => unsupported(dialect.title, what, why, span, hint),
  };
}

const loneSurrogate = /\p{Surrogate}/u;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** A quoted name, or UNSUPPORTED: a name the product would cut or refuse is never written. */
export function identifier(context: SqlContext, name: string, span: Span): Fragment {
  const { dialect } = context;
  const { nameLimit, quote } = dialect;
  if (name === '' && !dialect.allowsEmptyNames)
    context.refuse('the empty name', 'a column needs a name', span);
  if (name.includes('\0') || loneSurrogate.test(name)) {
    context.refuse('this name', 'it holds a character that no name can hold', span);
  }
  if (nameLimit) {
    const length = nameLimit.unit === 'bytes' ? utf8Length(name) : [...name].length;
    if (length > nameLimit.most) {
      const what = name.length > 80 ? `the name "${name.slice(0, 60)}…"` : `the name "${name}"`;
      context.refuse(what, `its names have at most ${nameLimit.most} ${nameLimit.unit}`, span);
    }
  }
  return atom`${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** A text or number that goes into the statement, or UNSUPPORTED when the product cannot hold it. */
export function literal(context: SqlContext, of: string | number, span: Span): Fragment {
  if (typeof of === 'string') {
    const problem = loneSurrogate.test(of)
      ? 'the text holds half a surrogate pair'
      : context.dialect.textProblem(of);
    if (problem !== undefined) context.refuse('this text', problem, span);
  }
  return value(of);
}
