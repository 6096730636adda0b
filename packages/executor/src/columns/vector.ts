import type { Json } from '@drops/ir';
import { cellKind, type Column } from '@drops/store';

/** A value by ordinal. */
export type CellReader = (ordinal: number) => Json | undefined;

/** A column with the way to the values that it does not hold itself. */
export interface Vector {
  readonly column: Column;
  readonly read: CellReader;
}

/** A vector whose lists and objects are found by `other`. */
export function vectorOf(column: Column, other: CellReader): Vector {
  const { kinds, numbers, codes, dictionary } = column;
  return {
    column,
    read(ordinal) {
      switch (kinds[ordinal]) {
        case cellKind.null:
          return null;
        case cellKind.false:
          return false;
        case cellKind.true:
          return true;
        case cellKind.number:
          return numbers?.[ordinal];
        case cellKind.text:
          return dictionary[codes?.[ordinal] ?? 0];
        case cellKind.other:
          return other(ordinal);
        default:
          return undefined;
      }
    },
  };
}

/** The numbers of a column of nothing else. */
export function onlyNumbers({ uniform, numbers }: Column): Float64Array | undefined {
  return uniform === cellKind.number ? numbers : undefined;
}

/** The codes of a column of texts alone. */
export function onlyCodes({ uniform, codes }: Column): Uint32Array | undefined {
  return uniform === cellKind.text ? codes : undefined;
}
