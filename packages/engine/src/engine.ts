import type { Identity } from '@drops/access';
import type { Invocation } from '@drops/analyzer';
import type { Diagnostic } from '@drops/diagnostics';
import type { QueryLimits } from '@drops/executor';
import type { Json, JsonObject } from '@drops/ir';
import type { TranslationTarget } from '@drops/ir';
import type { EmbedderSettings, VectorType } from '@drops/search';
import type { StoreSpace } from '@drops/store';
import type { Identified } from './identities.js';

export type { Identity } from '@drops/access';
export type { Invocation } from '@drops/analyzer';
export type { Identified } from './identities.js';
export type { Plan } from '@drops/ir';

export interface ExecOptions {
  /** Default: the administrator, as for embedded use. */
  readonly identity?: Identity;
  /** Values for `$name`, bound as values, never as text. */
  readonly params?: JsonObject | undefined;
  /** The vector that goes with a search in the text. */
  readonly vector?: Json | undefined;
  /** What a failing statement does to the rest of a script. Default `stop`. */
  readonly onError?: 'stop' | 'continue' | undefined;
  /** A write with this token runs once: repeats get the first answer for 24 h. */
  readonly idempotencyKey?: string | undefined;
  /** Where the request came from: whom limits are counted for, and what `whoami` tells. Embedded use has none. */
  readonly address?: string | undefined;
  /** An AbortSignal, or what else knows whether anybody still waits for the answer. */
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined;
}

/** An answer as it goes over the wire: HTTP status and JSON body (contract: POST /exec). */
export interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** The same with its body as JSON text. */
export interface TextReply {
  readonly status: number;
  readonly text: string;
}

/** Lines of NDJSON of a find, pulled as they are found. */
export interface RowStream {
  readonly status: 200;
  readonly rows: AsyncIterable<Json>;
}

/** What GET /export/R asks for; names and times are as the caller wrote them. */
export interface ExportRequest {
  readonly route: string;
  /** Also every route below it. */
  readonly below: boolean;
  /** False: every version, not only the current state. */
  readonly latest: boolean;
  /** Created at this time or later; at this time or earlier. */
  readonly from?: string;
  readonly to?: string;
  /** A filter of the JSON query language. */
  readonly filter?: Json;
  /** Bare names of the columns. */
  readonly select?: readonly string[];
  /** `ndjson` (default), `json`, `csv`, `sql`, `mongo`. */
  readonly format?: string;
  /** Of the format `sql`: `postgres` (default), `mysql`, `sqlite`. */
  readonly dialect?: string;
}

/** Text in chunks, made as they are pulled. */
export interface TextStream {
  readonly status: 200;
  readonly contentType: string;
  readonly chunks: AsyncIterable<string>;
}

/** One drop to be written. */
export interface NewDrop {
  readonly key: string | null;
  readonly payload: Json;
  readonly price?: number;
  /** When it ends, in ms since the epoch. */
  readonly expiresAt?: number;
}

/** Drops that are written together. */
export interface NewDrops {
  /** All that any of them goes to. */
  readonly routes: readonly string[];
  /** Begins anew with each call. */
  readonly drops: () => Iterable<NewDrop & { readonly route: string }>;
  readonly count: number;
  /** Told of every drop that cannot be written. */
  readonly refused: (index: number, reason: string) => void;
}

export type EmitStage = 'tokens' | 'ast' | 'ir' | 'plan' | TranslationTarget;

export interface CheckResult {
  /** Errors and warnings in order of their place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the REPL completes from. */
export interface Vocabulary {
  readonly routes: readonly string[];
  readonly views: readonly string[];
  /** Top-level payload fields seen in a route, most frequent first. */
  fields(route: string): Promise<readonly string[]>;
}

export interface Engine {
  /** Runs a script of one or more statements. Never throws for what the text says: errors are in the reply. */
  exec(text: string, options?: ExecOptions): Promise<Reply>;
  /** The same for who sends the body on, at once where nothing is to be waited for: stored JSON goes into it as it is. */
  answer(text: string, options?: ExecOptions): TextReply | Promise<TextReply>;
  /** A single find as a stream of its rows; undefined for any other text, which `exec` answers. */
  stream(text: string, options?: ExecOptions): Promise<RowStream | Reply | undefined>;
  /** POST /query: a JSON query (contract: JSON query). */
  query(body: Json, options?: ExecOptions): Promise<Reply>;
  /** POST /search: a JSON search (contract: POST /search). */
  search(body: Json, options?: ExecOptions): Promise<Reply>;
  /** POST /primitives: facets by their names, with the clauses of a JSON query. */
  primitives(body: Json, options?: ExecOptions): Promise<Reply>;
  /** POST /sql: { query }, one SELECT over routes as tables. */
  sql(body: Json, options?: ExecOptions): Promise<Reply>;
  /** POST /drop: { route, key?, payload, keep?, price? }. */
  drop(body: Json, options?: ExecOptions & { readonly generateKeypair?: boolean }): Promise<Reply>;
  /** GET /entity/R?key=…: `history` for all versions, `at` for the one current then. */
  entity(
    route: string,
    key: string | undefined,
    options?: ExecOptions & { readonly history?: boolean; readonly at?: string },
  ): Promise<Reply>;
  /** A capability by its name and arguments, as its HTTP route calls it. */
  invoke(call: Invocation, options?: ExecOptions): Promise<Reply>;
  /**
   * Who a credential stands for; null is nobody in particular. Rejects with INVALID_KEY (401) or FORBIDDEN: what is no good
   * credential is never anonymous. Where `mustSign` is true the caller must be asked for a signature.
   */
  identify(credential: string | null): Identified | Promise<Identified>;
  /** Takes a signature once, whichever process asks, until a time in ms since the epoch. INVALID_SIGNATURE for the second. */
  admitOnce(fingerprint: string, until: number): Promise<void>;
  /** GET /export/R: drops as text in another format. */
  export(request: ExportRequest, options?: ExecOptions): Promise<TextStream | Reply>;
  /** Writes drops to one route, all or none; as `bulk`, without its limit. A failing one is named by `details: [{index}]`. */
  write(route: string, drops: readonly NewDrop[], options?: ExecOptions): Promise<Reply>;
  /** Writes any number of drops, all or none, pulled while they are written: `{ ok, count, tx }`, of count 0 when any is refused. Nothing else runs meanwhile. */
  load(drops: NewDrops, options?: ExecOptions): Promise<Reply>;
  vocabulary(): Promise<Vocabulary>;
  /** Another process on the same data says that it has committed: who listens hears of it now. */
  lookForCommits(): void;
  /** Another process on the same data says that it has made a key for an address: it counts here too. */
  keyMadeElsewhere(address: string): void;
  /** Answers when nothing is made beside other work: no index, sample or segment of text. For who measures. */
  settled(): Promise<void>;
  /** The room that the data takes, and who keeps it from being used again. */
  space(): StoreSpace | Promise<StoreSpace>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Folder of the data, or the address of a database: `postgres://…?schema=name`. */
  readonly data: string;
  readonly clock?: () => number;
  readonly durability?: 'full' | 'relaxed';
  /** What one statement may cost. Default: whatever it takes. */
  readonly limits?: QueryLimits;
  /** What holds for routes that no access list covers and that are in no other zone. Default `open`. */
  readonly openZone?: 'open' | 'closed';
  /** Base of the URLs in curl and REST translations. */
  readonly publicUrl?: string;
  /** Requests must be signed by the key that they name. Default: keys are taken at their word. */
  readonly signed?: boolean;
  /** Keys that may do everything. */
  readonly adminKeys?: readonly string[];
  /** The secret that small secrets are sealed under in the store. Default: the file `secret` beside the data, made when needed. */
  readonly secret?: string;
  /** Folder of what is no data: the secret and the outbox. Default: the folder of the data. */
  readonly files?: string;
  /** How mail is sent. Without a server it goes to files in the outbox. */
  readonly mail?: { readonly smtpUrl?: string; readonly from?: string };
  /** Addresses that sign-in links may lead to, and everything below them. Default: any. */
  readonly callbacks?: readonly string[];
  /** Base of links to this server where `publicUrl` is not set: it may be known only once the server listens. */
  readonly baseUrl?: () => string;
  /** Off: plans run as lowered, without optimiser rules. Tests compare both. */
  readonly optimise?: boolean;
  /** Whether indexes and columns are taken where they are cheapest (default), wherever they can be, or never. Tests compare all three. */
  readonly paths?: 'cheapest' | 'always' | 'never';
  /** Fields that queries keep asking for get indexes by themselves (default), or only those that somebody defines. */
  readonly automaticIndexes?: boolean;
  /** Makes vectors of the texts of drops that have none; off without it. */
  readonly embedder?: EmbedderSettings | undefined;
  /** How graphs of vectors hold them: `f16` (default), `f32` or `i8`. */
  readonly vectorType?: VectorType | undefined;
  /** Bytes of graphs of vectors that are kept in memory; default 1 GiB, 0 for any number. */
  readonly vectorMemory?: number | undefined;
  /** Told of faults of ours; replies never show them. */
  readonly onFault?: (fault: unknown) => void;
  /**
   * Called after commits, for the host to tell other processes on the same data (`lookForCommits`). With it every
   * statement sees what those have acknowledged before; without, that may be some milliseconds late.
   */
  readonly announce?: () => void;
  /** Called when a key was made for an address, for the host to tell other processes (`keyMadeElsewhere`). */
  readonly announceKey?: (address: string) => void;
  /** Told what an operator should know, a line each. */
  readonly warn?: (line: string) => void;
}
