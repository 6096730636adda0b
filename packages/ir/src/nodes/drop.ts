import type { Json } from '../values/json.js';

/** One stored record as reads show it (contract: A drop). */
export interface StoredDrop {
  readonly drop_id: string;
  readonly route: string;
  readonly key: string | null;
  /** Public id of the writer. */
  readonly source: string | null;
  /** Counters are merged in. A tombstone's payload is null. */
  readonly payload: Json;
  /** ISO 8601 with milliseconds, `Z`. */
  readonly created_at: string;
  readonly version: number;
  readonly tx: number;
  readonly price?: number;
  readonly expires_at?: string;
  /** How well it fits the search that found it. */
  readonly score?: number;
  /** Where the words of that search stand in its texts: path → a piece of HTML. */
  readonly highlights?: Readonly<Record<string, string>>;
}
