import { isArray, isObject, type Json, type JsonObject } from '@drops/ir';
import { fieldsOf, type ExportedDrop, type ReadRows, type SelectedColumn } from '../export-spec.js';
import { flatRow } from './flat-row.js';
import { gather } from './gather.js';

/** Documents of one insertMany. */
const documentsPerInsert = 1000;

/** Names that `db.` takes as they are, and that are no method of it. */
const plainName = /^[A-Za-z][A-Za-z0-9]*$/;
const methods: ReadonlySet<string> = new Set(
  'admin aggregate commandHelp constructor currentOp eval fsyncLock getMongo getName getUsers help hello logout serverStatus stats version watch'.split(
    ' ',
  ),
);

function collection(route: string): string {
  return plainName.test(route) && !methods.has(route)
    ? `db.${route}`
    : `db.getCollection(${JSON.stringify(route)})`;
}

/** JSON as a JavaScript literal: `__proto__` would set the prototype unless it is computed. */
function literal(value: Json): string {
  const json = JSON.stringify(value);
  return json.includes('"__proto__"') ? guarded(value) : json;
}

function guarded(value: Json): string {
  if (isArray(value)) return `[${value.map(guarded).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const written = JSON.stringify(name);
    return `${name === '__proto__' ? `[${written}]` : written}:${guarded(member)}`;
  });
  return `{${members.join(',')}}`;
}

function documentOf(drop: ExportedDrop, columns: readonly SelectedColumn[] | undefined): JsonObject {
  if (columns) return flatRow(columns, drop);
  return { _key: drop.key, _created_at: drop.created_at, ...fieldsOf(drop) };
}

/** A script for mongosh: `db.<route>.insertMany([…]);`, a route at a time and 1,000 documents at most. */
export function writeMongo(
  rows: ReadRows,
  route: string,
  columns: readonly SelectedColumn[] | undefined,
): AsyncGenerator<string> {
  let open: { readonly route: string; documents: number } | undefined;
  return gather(
    rows,
    (drop) => {
      const document = literal(documentOf(drop, columns));
      if (open && open.route === drop.route && open.documents < documentsPerInsert) {
        open.documents += 1;
        return `,\n${document}`;
      }
      const end = open ? '\n]);\n' : '';
      open = { route: drop.route, documents: 1 };
      return `${end}${collection(drop.route)}.insertMany([\n${document}`;
    },
    { after: () => (open ? '\n]);\n' : `db.createCollection(${JSON.stringify(route)});\n`) },
  );
}
