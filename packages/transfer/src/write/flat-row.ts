import { setProperty, type Json, type JsonObject, type MutableObject } from '@drops/ir';
import type { ExportedDrop, SelectedColumn } from '../export-spec.js';

/** The selected columns of a drop as one flat object; what is missing is null. */
export function flatRow(columns: readonly SelectedColumn[], drop: ExportedDrop): JsonObject {
  const row: MutableObject = {};
  for (const column of columns) setProperty(row, column.name, column.read(drop) ?? null);
  return row;
}

/** A drop as the JSON formats show it: whole, or its selected columns. */
export function jsonRow(columns: readonly SelectedColumn[] | undefined, drop: ExportedDrop): Json {
  return columns ? flatRow(columns, drop) : drop.shown;
}
