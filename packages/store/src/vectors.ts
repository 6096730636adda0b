/** The vector of one live version. What it holds is good until the next one is read. */
export interface StoredVector {
  readonly tx: number;
  /** null for events. */
  readonly key: string | null;
  /** Of length 1, or all zeros. */
  readonly vector: Float32Array;
  /** In ms since the epoch; 0: never. */
  readonly expiresAt: number;
}

/** The vectors of the live drops of one route, in the state of a snapshot. */
export interface RouteVectors {
  /** That of the first vector that the route ever had; 0: it never had one. */
  readonly dimension: number;
  /** How many there are, expired ones possibly still counted. */
  readonly count: number;
  /** The vector that a version has, unless the version is no longer live. */
  get(tx: number): StoredVector | undefined;
  /** The vectors of versions after a tx, in the order of tx. */
  after(tx: number): Iterable<StoredVector>;
}
