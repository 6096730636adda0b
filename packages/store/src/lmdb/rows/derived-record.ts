import type { Json } from '@drops/ir';
import type { LogHeader } from '../../log/log-record.js';
import type { Replaced } from '../../writing/draft.js';
import type { RowBody } from './current-row.js';

/** A record of the log with what the derived tables need beside it. */
export interface DerivedRecord {
  readonly tx: number;
  readonly header: LogHeader;
  readonly commitment: Buffer;
  /** The JSON of a put. */
  readonly body: RowBody | undefined;
  /** What the JSON of a put says, where it is at hand; else it is read out of the row. */
  readonly payload: Json | undefined;
  readonly counter: { readonly path: string; readonly value: number | null } | undefined;
  readonly replaced: Replaced | undefined;
  readonly gone: boolean;
}
