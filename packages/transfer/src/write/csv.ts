import { isObject, type Json } from '@drops/ir';
import { columnName, ownColumns, textSuffix } from '../csv-names.js';
import { readsAsJson, readsAsText } from '../csv-cells.js';
import type { ExportedDrop, ReadRows, SelectedColumn } from '../export-spec.js';
import { exportedDrop } from '../export-spec.js';
import { gather } from './gather.js';

/** The columns seen so far, as a tree in order of appearance: the same rows give the same header whatever was null. */
interface ColumnTree {
  readonly children: Map<string, ColumnTree>;
  /** A value stood here, and a text that must be told from JSON. */
  plain: boolean;
  text: boolean;
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: boolean;
}

const emptyTree = (): ColumnTree => ({ children: new Map(), plain: false, text: false });

function isBranch(value: Json): value is Exclude<typeof value, string | number | boolean | null> {
  return isObject(value) && Object.keys(value).length > 0;
}

function collect(tree: ColumnTree, name: string, value: Json | undefined, nested: boolean): void {
  if (value === undefined || (value === null && !nested)) return;
  let node = tree.children.get(name);
  if (!node) tree.children.set(name, (node = emptyTree()));
  if (isBranch(value)) for (const [n, v] of Object.entries(value)) collect(node, n, v, true);
  else if (typeof value === 'string' && readsAsJson(value)) node.text = true;
  else node.plain = true;
}

function leavesOf(tree: ColumnTree, path: readonly string[] = []): Leaf[] {
  return [
    ...(tree.plain ? [{ path, text: false }] : []),
    ...(tree.text ? [{ path, text: true }] : []),
    ...[...tree.children].flatMap(([name, child]) => leavesOf(child, [...path, name])),
  ];
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text is quoted where it would be read as something else, or would break the row. */
function textCell(text: string): string {
  return /[",\r\n\uFEFF]/.test(text) || !readsAsText(text) ? quote(text) : text;
}

function cell(value: Json | undefined, leaf: Leaf): string {
  if (value === undefined || isBranch(value)) return '';
  if (value === null) return leaf.path.length > 1 ? 'null' : '';
  if (typeof value === 'string') return readsAsJson(value) === leaf.text ? textCell(value) : '';
  if (leaf.text) return '';
  const json = JSON.stringify(value);
  return /[",]/.test(json) ? quote(json) : json;
}

function reach(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) {
    current =
      current !== undefined && isObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current;
}

/** How a table is cut into columns: what stands before the leaves, and where the leaves are found. */
interface Layout {
  readonly header: readonly string[];
  cells(drop: ExportedDrop): readonly string[];
}

function payloadLayout(tree: ColumnTree, whole: ColumnTree, routes: number): Layout {
  const leaves = leavesOf(tree);
  const wholes = leavesOf(whole);
  const withRoute = routes > 1;
  const suffixed = (name: string, leaf: Leaf) => (leaf.text ? name + textSuffix : name);
  return {
    header: [
      ...(withRoute ? [ownColumns.route] : []),
      ownColumns.key,
      ownColumns.time,
      ...wholes.map((leaf) => suffixed(ownColumns.payload, leaf)),
      ...leaves.map((leaf) => suffixed(columnName(leaf.path), leaf)),
    ],
    cells: ({ route, key, created_at, payload }) => [
      ...(withRoute ? [textCell(route)] : []),
      key === null ? '' : textCell(key),
      created_at,
      ...wholes.map((leaf) => (isObject(payload) ? '' : cell(payload, leaf))),
      ...leaves.map((leaf) => (isObject(payload) ? cell(reach(payload, leaf.path), leaf) : '')),
    ],
  };
}

function payloadPass(): { readonly see: (drop: ExportedDrop) => void; readonly layout: () => Layout } {
  const [tree, whole, routes] = [emptyTree(), emptyTree(), new Set<string>()];
  return {
    see({ route, payload }) {
      routes.add(route);
      if (isObject(payload)) for (const [n, v] of Object.entries(payload)) collect(tree, n, v, false);
      else if (typeof payload === 'string' && readsAsJson(payload)) whole.text = true;
      else if (payload !== null) whole.plain = true;
    },
    layout: () => payloadLayout(tree, whole, routes.size),
  };
}

/** Selected columns keep their names and order; an object in one of them is flattened below its name. */
function selectedPass(columns: readonly SelectedColumn[]): ReturnType<typeof payloadPass> {
  const trees = columns.map(emptyTree);
  return {
    see(drop) {
      for (const [i, column] of columns.entries()) {
        const tree = trees[i];
        if (tree) collect(tree, '', column.read(drop), false);
      }
    },
    layout() {
      const all = columns.flatMap((column, i) => {
        const [top] = trees[i]?.children.values() ?? [];
        const leaves = top ? leavesOf(top) : [];
        return (leaves.length === 0 ? [{ path: [], text: false }] : leaves).map((leaf) => ({ column, leaf }));
      });
      return {
        header: all.map(
          ({ column, leaf }) => [column.name, ...leaf.path].join('.') + (leaf.text ? textSuffix : ''),
        ),
        cells: (drop) => all.map(({ column, leaf }) => cell(reach(column.read(drop), leaf.path), leaf)),
      };
    },
  };
}

function line(cells: readonly string[]): string {
  return `${cells.join(',')}\n`;
}

/**
 * CSV with a header (RFC 4180, lines ended by LF). A cell without a value is empty, the empty text is `""`; texts
 * that would read as a number, true, false or null are quoted; arrays are JSON. Reads every row once to know the columns.
 */
export async function writeCsv(
  rows: ReadRows,
  columns: readonly SelectedColumn[] | undefined,
): Promise<AsyncGenerator<string>> {
  const pass = columns ? selectedPass(columns) : payloadPass();
  for await (const batch of rows()) for (const row of batch) pass.see(exportedDrop(row));
  const layout = pass.layout();
  const header = line(
    layout.header.map((name) => (/[",\r\n\uFEFF]/.test(name) || name === '' ? quote(name) : name)),
  );
  return gather(rows, (drop) => line(layout.cells(drop)), { before: header });
}
