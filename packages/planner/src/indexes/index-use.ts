/** Which way to a row is taken: the cheapest, or an index wherever one fits (tests compare answers), or none. */
export type IndexUse = 'cheapest' | 'always' | 'never';
