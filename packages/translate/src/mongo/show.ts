import { assertNever } from '@drops/diagnostics';
import { flatDocument } from './group.js';
import { referenceTo, under } from './rows.js';
import type { MongoObject, MongoValue } from './script.js';
import type { MongoWriter } from './writer.js';

/** The last stage: documents as they are, joined ones with `_joined`, flat rows by their columns. */
export function showStages(writer: MongoWriter): readonly MongoObject[] {
  return writer.row.kind === 'drop' ? [] : [{ $replaceWith: shownDocument(writer) }];
}

function shownDocument(writer: MongoWriter): MongoValue {
  const { base, row } = writer;
  switch (row.kind) {
    case 'drop':
      return referenceTo(base);
    case 'joined':
      return {
        $mergeObjects: [
          shownDocument(writer.among(row.left, under(base, 'l'))),
          { _joined: joinedRecord(writer) },
        ],
      };
    case 'group':
      return flatDocument([...row.columns], writer);
    case 'flat': {
      const below = writer.among(row.below, base);
      const own = flatDocument([...row.columns], below);
      return row.star ? { $mergeObjects: [starDocument(below), own] } : own;
    }
    default:
      return assertNever(row);
  }
}

/** The joined record; of several joins the last one wins. */
function joinedRecord({ base, row }: MongoWriter): MongoValue {
  const own = referenceTo(under(base, 'r'));
  return row.kind === 'joined' && row.left.kind === 'joined'
    ? { $mergeObjects: [referenceTo(under(under(base, 'l'), 'r')), own] }
    : own;
}

const systemFields = ['_id', '_key', '_created_at'];

/** All columns of a row: the fields of a drop with its key, without what the export added. */
function starDocument(writer: MongoWriter): MongoValue {
  const { base, row } = writer;
  switch (row.kind) {
    case 'drop': {
      const fields = systemFields.reduce<MongoValue>(
        (input, field) => ({ $unsetField: { field, input } }),
        referenceTo(base),
      );
      return { $mergeObjects: [fields, { key: `$${under(base, '_key')}` }] };
    }
    case 'joined':
      return starDocument(writer.among(row.left, under(base, 'l')));
    case 'flat':
    case 'group':
      return shownDocument(writer);
    default:
      return assertNever(row);
  }
}
