/** What a code means to every caller: its HTTP status and one sentence for the error index. */
export interface CodeEntry {
  readonly status: number;
  readonly summary: string;
}

/**
 * The catalogue of error codes. A code is stable; its message may improve.
 * KEY_REQUIRED has two statuses (400: an entity key is missing, 401: the caller has none);
 * the raiser of the second says so.
 */
export const codes = {
  SYNTAX_ERROR: { status: 400, summary: 'The text is not a statement of the language.' },
  UNKNOWN_COMMAND: { status: 400, summary: 'No statement starts with this word.' },
  UNKNOWN_PARAMETER: { status: 400, summary: 'A `$name` for which no value was given.' },
  TYPE_ERROR: { status: 400, summary: 'A value of a type that cannot stand here.' },
  LIKELY_MISTAKE: {
    status: 200,
    summary: 'A warning: the statement is valid, but probably not what was meant.',
  },
  BATCH_TOO_LARGE: { status: 400, summary: 'A bulk holds at most 1000 operations.' },
  ROUTE_REQUIRED: { status: 400, summary: 'The route is missing.' },
  INVALID_ROUTE: { status: 400, summary: 'The route breaks the rules for routes.' },
  INVALID_KEY: { status: 400, summary: 'The key breaks the rules for keys.' },
  KEY_REQUIRED: { status: 400, summary: 'The key is missing.' },
  INVALID_PREFIX: { status: 400, summary: 'The prefix breaks the rules for routes.' },
  INVALID_CURSOR: { status: 400, summary: 'The cursor is broken or belongs to another query.' },
  INVALID_VECTOR: { status: 400, summary: 'A vector is a non-empty list of finite numbers.' },
  INVALID_TEXT: { status: 400, summary: 'The search text is not usable.' },
  SEARCH_REQUIRED: { status: 400, summary: 'A search needs a text, a vector or both.' },
  DIMENSION_MISMATCH: { status: 400, summary: 'The vector has another dimension than those stored.' },
  TOP_K_TOO_LARGE: { status: 400, summary: '`top` is at most 1000.' },
  SQL_ERROR: { status: 400, summary: 'The SQL cannot be read or expressed.' },
  UNSUPPORTED: { status: 400, summary: 'The target cannot express this.' },
  SCHEMA_VIOLATION: { status: 400, summary: 'The data does not fit the pattern of its route.' },
  INVALID_BODY: { status: 400, summary: 'The request body cannot be read.' },
  BAD_REQUEST: { status: 400, summary: 'What arrived cannot be read as an HTTP request.' },
  QUERY_TOO_COMPLEX: { status: 400, summary: 'The query passes its budget.' },
  INVALID_EMAIL: { status: 400, summary: 'This is no e-mail address.' },
  INVALID_TOKEN: { status: 400, summary: 'The token of a sign-in link is unknown or was used before.' },
  TOKEN_EXPIRED: { status: 400, summary: 'The sign-in link has expired.' },
  SIGNATURE_REQUIRED: { status: 401, summary: 'A request of this key must be signed (RFC 9421).' },
  INVALID_SIGNATURE: {
    status: 401,
    summary: 'The signature of the request does not hold, or was seen before.',
  },
  FORBIDDEN: { status: 403, summary: 'This key may not do this.' },
  NO_TRUST: { status: 403, summary: 'A shared route without a trust record.' },
  NOT_FOUND: { status: 404, summary: 'Nothing is there.' },
  DELETED: { status: 404, summary: 'The newest version is a tombstone.' },
  NO_VECTORS: { status: 404, summary: 'No vectors at this place.' },
  NO_TEXT_CONTENT: { status: 404, summary: 'No text at this place.' },
  METHOD_NOT_ALLOWED: { status: 405, summary: 'This path does not take this method.' },
  CONFLICT: { status: 409, summary: 'The state changed, or a condition does not hold.' },
  PAYLOAD_TOO_LARGE: { status: 413, summary: 'The content is larger than its limit.' },
  RATE_LIMITED: { status: 429, summary: 'Too many requests.' },
  AUTH_RATE_LIMITED: { status: 429, summary: 'Too many sign-in links for one address.' },
  KEYGEN_LIMITED: { status: 429, summary: 'Too many keys were made from one address.' },
  INTERNAL_ERROR: { status: 500, summary: 'A fault of the server; it was logged.' },
  NOT_AVAILABLE: { status: 501, summary: 'This capability is not part of this server.' },
  MAIL_ERROR: { status: 502, summary: 'The mail server did not take a message.' },
  STORE_UNREACHABLE: { status: 503, summary: 'The database of the store cannot be reached.' },
  STORE_FULL: { status: 507, summary: 'The disk is full; nothing was written.' },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
