import type { Span } from '@drops/diagnostics';
import type { Expression, GroupColumn, Join, NumberArgument, SortKey } from '@drops/ir';
import type { Names, Table } from './names.js';

/** An expression with the names it was written in. */
export interface Named<T> {
  readonly of: T;
  readonly names: Names;
}

export type Source =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'derived'; readonly block: Block; readonly alias: string }
  | {
      readonly kind: 'join';
      readonly join: Join;
      readonly names: Names;
      readonly left: Source;
      readonly right: Source;
    };

/**
 * One SELECT. Conditions and keys stay IR until it is written: only then is known
 * which names need their table.
 */
export interface Block {
  readonly span: Span;
  readonly source: Source;
  /** What later steps see, and the select list. */
  readonly names: Names;
  readonly where: readonly Named<Expression>[];
  readonly group?: Named<readonly GroupColumn[]>;
  readonly having: readonly Named<Expression>[];
  readonly order?: Named<readonly SortKey[]>;
  readonly offset: NumberArgument;
  readonly limit?: NumberArgument;
}

/** A block that cuts rows: what comes after it sees only what is left. */
export function isSliced(block: Block): boolean {
  return block.limit !== undefined || block.offset !== 0;
}

/** The name a source goes by. */
export function sourceTable(source: Source): Table | undefined {
  if (source.kind === 'table') return source.table;
  if (source.kind === 'join') return undefined;
  const { names } = source.block;
  return names.kind === 'drop' ? { ...names.table, name: source.alias } : undefined;
}
