/** What an embedder rejects with that will never take one of the texts. */
export class TextsRefused extends Error {}

/** Makes vectors of texts. */
export interface Embedder {
  /** Vectors of embedders of different names are never compared. */
  readonly name: string;
  /** A vector for each text, all of one dimension. Rejects where it cannot: with `TextsRefused` where another try would not help. */
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
}

/** Which embedder. */
export type EmbedderSettings =
  /** Counts parts of words: finds texts of like spelling, knows nothing of meaning. Needs nothing. */
  | { readonly kind: 'hashed' }
  /** A small model of English that runs in a thread; its packages are installed by whoever wants it. */
  | { readonly kind: 'model' }
  /** A service that speaks OpenAI's interface for embeddings; `url` is what stands before `/embeddings`. */
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly model: string;
      readonly key?: string | undefined;
    };
