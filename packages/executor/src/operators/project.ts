import { setProperty, type MutableObject } from '@drops/ir';
import type { Reader } from '../expressions/read-field.js';
import type { Pacer } from '../pacer.js';
import { starOf, type Row } from '../row.js';
import { mapBatches, type Source } from './source.js';

export interface ProjectedColumn {
  readonly as: string;
  readonly value: Reader;
}

/** Flat rows of the columns, after all of the input's under a star. */
export function projectRows(
  input: Source,
  pacer: Pacer,
  star: boolean,
  columns: readonly ProjectedColumn[],
): Source {
  const project = (row: Row): Row => {
    const flat: MutableObject = star ? starOf(row) : {};
    for (const { as, value } of columns) setProperty(flat, as, value(row) ?? null);
    return { drop: null, columns: flat, right: null, from: row };
  };
  return mapBatches(input, pacer, (batch) => batch.map(project));
}
