/** A request as both ends see it: what a signature can cover. */
export interface RequestMessage {
  readonly method: string;
  /** `https` or `http`, as the client addressed the server. */
  readonly scheme: string;
  /** Host and port of the `Host` header. */
  readonly authority: string;
  /** Path and query as sent, such as `/exec?on_error=continue`. */
  readonly target: string;
  /** The value of a header by its lower-case name, lines of one name joined by ", ". */
  readonly header: (name: string) => string | undefined;
}

const defaultPorts: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/** RFC 9421 §2.2.3: lower case, without the scheme's own port. */
function authorityOf({ authority, scheme }: RequestMessage): string {
  const lower = authority.toLowerCase();
  const port = defaultPorts[scheme];
  return port !== undefined && lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}

function split(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  return at === -1
    ? { path: target, query: '?' }
    : { path: target.slice(0, at) || '/', query: target.slice(at) };
}

/**
 * The value of a component (RFC 9421 §2.1 and §2.2); undefined for a header that the message does not have and for derived
 * components that a request has not or that this module does not take.
 */
export function componentValue(message: RequestMessage, name: string): string | undefined {
  if (!name.startsWith('@')) return message.header(name)?.trim();
  switch (name) {
    case '@method':
      return message.method;
    case '@target-uri':
      return `${message.scheme}://${authorityOf(message)}${message.target}`;
    case '@authority':
      return authorityOf(message);
    case '@scheme':
      return message.scheme;
    case '@request-target':
      return message.target;
    case '@path':
      return split(message.target).path;
    case '@query':
      return split(message.target).query;
    default:
      return undefined;
  }
}
