import {
  getProperty,
  isObject,
  valueAt,
  type Export,
  type Json,
  type JsonObject,
  type Path,
  type SqlDialectName,
} from '@drops/ir';

export const exportFormats = [
  'ndjson',
  'json',
  'csv',
  'sql',
  'mongo',
] as const satisfies readonly Export['format'][];
export type ExportFormat = (typeof exportFormats)[number];

/** The SQL products by the names that people give them. */
export const exportDialects: ReadonlyMap<string, SqlDialectName> = new Map([
  ['sql', 'sql'],
  ['postgres', 'sql'],
  ['postgresql', 'sql'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
]);

/** What an export looks like. */
export interface ExportSpec {
  readonly format: ExportFormat;
  /** Of the format `sql`; default PostgreSQL. */
  readonly dialect?: SqlDialectName;
  /** The route that is asked for: the name of the table or collection when there is nothing in it. */
  readonly route: string;
  /** The columns, by bare names; without them all fields with key and time. */
  readonly select?: readonly string[];
  /** Every version is there, so keys repeat. */
  readonly history?: boolean;
}

/** Batches of drops as replies show them. Each call begins anew, over the same state. */
export type ReadRows = () => AsyncIterable<readonly Json[]>;

/** The parts of a drop that every format needs. */
export interface ExportedDrop {
  readonly route: string;
  readonly key: string | null;
  readonly created_at: string;
  readonly payload: Json;
  /** The whole drop. */
  readonly shown: JsonObject;
}

/** A drop as replies show it, with its parts by name. */
export function exportedDrop(row: Json): ExportedDrop {
  const shown = isObject(row) ? row : {};
  const text = (name: string): string => {
    const value = getProperty(shown, name);
    return typeof value === 'string' ? value : '';
  };
  const key = getProperty(shown, 'key');
  return {
    route: text('route'),
    key: typeof key === 'string' ? key : null,
    created_at: text('created_at'),
    payload: getProperty(shown, 'payload') ?? null,
    shown,
  };
}

/** The fields of a payload; one that is no object is the field `payload`, a removed one has none. */
export function fieldsOf({ payload }: ExportedDrop): JsonObject {
  if (isObject(payload)) return payload;
  return payload === null ? {} : { payload };
}

/** One column of a selection: a system column by its bare name, or a path into the payload. */
export interface SelectedColumn {
  readonly name: string;
  read(drop: ExportedDrop): Json | undefined;
}

const systemNames: ReadonlySet<string> = new Set(['key', 'created_at', 'drop_id', 'route', 'source']);

/** `name`, `address.city`, `tags[0]`, `payload.key`, as columns. */
export function selectedColumn(name: string): SelectedColumn {
  if (systemNames.has(name)) return { name, read: ({ shown }) => getProperty(shown, name) };
  const inPayload = /^(?:payload)?\.(?=.)/.exec(name)?.[0].length ?? 0;
  const path = pathOf(name.slice(inPayload));
  return { name, read: (drop) => valueAt(fieldsOf(drop), path) };
}

function pathOf(text: string): Path {
  return text
    .split('.')
    .flatMap((part) =>
      part.split(/\[(\d+)\]/).filter((piece, i) => i % 2 === 1 || piece !== '' || part === ''),
    )
    .map((piece, i) => (i > 0 && /^\d+$/.test(piece) && text.includes(`[${piece}]`) ? Number(piece) : piece));
}
