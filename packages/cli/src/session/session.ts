import type { JsonObject } from '@drops/diagnostics';
import type { ExportRequest, NewDrop, NewDrops, Reply } from '@drops/engine';

/** What the REPL completes from. */
export interface Words {
  readonly routes: readonly string[];
  readonly views: readonly string[];
  fields(route: string): Promise<readonly string[]>;
}

/** A place where statements run: a folder or a server. Both give the same replies. */
export interface Session {
  /** Where it is, for people. */
  readonly place: string;
  exec(
    text: string,
    options?: { readonly params?: JsonObject; readonly signal?: AbortSignal },
  ): Promise<Reply>;
  /** Writes drops to one route, all or none. */
  write(route: string, drops: readonly NewDrop[]): Promise<Reply>;
  /** Writes drops to any routes, all or none. Throws a CommandFailure for more than the place can take at once. */
  writeTogether(drops: NewDrops): Promise<Reply>;
  /** An export as chunks of text, or the reply that refuses it. */
  export(request: ExportRequest): Promise<AsyncIterable<string> | Reply>;
  words(): Promise<Words>;
  close(): Promise<void>;
}
