/** One version that a search found: its place in the store and how well it fits, more is better. */
export interface Hit {
  readonly route: string;
  /** null for events. */
  readonly key: string | null;
  /** The tx of the version that was compared: where the store has another one by now, the hit is void. */
  readonly tx: number;
  readonly score: number;
}
