/** Any JSON value, as payloads, literals and results hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** A JSON object. Names come from users: `__proto__` and `constructor` are ordinary names. */
export type JsonObject = { readonly [name: string]: Json };
