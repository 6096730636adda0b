/** A request as data, before it is written as curl or as REST text. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the slash on, percent-encoded. */
  readonly path: string;
  readonly body?: { readonly type: 'application/json' | 'text/plain'; readonly text: string };
}

/** Where requests go when nothing else is set. */
export const defaultUrl = 'http://127.0.0.1:7700';

/** The address of a server, without a slash at its end. */
export function baseOf(publicUrl: string | undefined): string {
  return (publicUrl ?? defaultUrl).replace(/\/+$/, '');
}
