/** What an access list can grant: six ways to read, and `drop`, every way to write. */
export const permissions = ['stream', 'search', 'query', 'entity', 'sql', 'export', 'drop'] as const;

export type Permission = (typeof permissions)[number];

/** How a route treats those who are not on its access list. */
export const accessModes = ['shared', 'protected', 'writeonly', 'moderated'] as const;

export type AccessMode = (typeof accessModes)[number];

/** The key under which the access list of a route lies. Such drops are never rows: only `get R @_access` shows one. */
export const accessKey = '_access';
