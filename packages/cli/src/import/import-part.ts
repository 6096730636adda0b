import type { ImportRow } from '@drops/transfer';

/** The rows of a file that go to one route: a table, a collection, or the whole file. */
export interface ImportPart {
  readonly route: string;
  /** What stands before the number of a line. */
  readonly name: string;
  rows(): AsyncIterable<ImportRow>;
}

export type DropRow = Extract<ImportRow, { readonly kind: 'drop' }>;

/** A file that is open for import. */
export interface ImportSource {
  readonly parts: readonly ImportPart[];
  /** Frees what it holds, files made for it among that. */
  close(): void;
}

/** What the caller asks of the rows. */
export interface PartOptions {
  /** A route, or what stands before the name of each table. */
  readonly route: string;
  /** The one table or collection that is wanted. */
  readonly table: string | undefined;
  readonly keyField: string | undefined;
  readonly encodeKeys: boolean;
  /** In ms since the epoch. */
  readonly now: number;
}
