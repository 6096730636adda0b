/** A document as every contender gets it. */
export interface TextDocument {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly notes: string;
}

/** A contender with its documents in it. */
export interface TextSystem {
  /** Ids of the best documents, best first. */
  query(text: string, top: number): readonly string[] | Promise<readonly string[]>;
  /** The same for words that may be misspelt by one edit; missing where the contender cannot. */
  readonly fuzzy?: (text: string, top: number) => readonly string[] | Promise<readonly string[]>;
  /** Adds one document, to be found from then on; missing where it is the same as for others. */
  add(document: TextDocument): void | Promise<void>;
  /** Bytes of its files or of what it would save; undefined: it keeps nothing. */
  bytes(): number | undefined;
  close(): void | Promise<void>;
}

export interface TextSetting {
  /** A folder of its own. */
  readonly folder: string;
  /** What to index first; undefined: what was indexed in this folder before. */
  readonly documents: readonly TextDocument[] | undefined;
}

export interface TextPeer {
  readonly name: string;
  /** How it is set up where that matters. */
  readonly setUp: string;
  /** Words are brought to their stems, or matched as they are. Throws `Absent` where the machine does not have it. */
  open(setting: TextSetting): Promise<TextSystem>;
}
