import { didYouMean, fail } from '@drops/diagnostics';
import type { Export, SqlDialectName } from '@drops/ir';
import type { Export as ExportNode, Name } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { applyClauses } from '../query/clauses.js';
import { clauseContext } from '../query/queries.js';
import { lowerSource } from '../query/sources.js';

const formats = ['json', 'csv', 'sql', 'mongo', 'ndjson'] as const;
const dialects: ReadonlyMap<string, SqlDialectName> = new Map([
  ['sql', 'sql'],
  ['postgres', 'sql'],
  ['postgresql', 'sql'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
]);

/** `export R where … as sql dialect mysql`: the current state; `latest` says so and changes nothing. */
export function lowerExport(node: ExportNode, context: LowerContext): Export {
  const source = lowerSource(node.route, { rows: 'all', clauses: {} }, context);
  const format = formatOf(node.format);
  const dialect = dialectOf(node.dialect, format);
  return {
    kind: 'Export',
    relation: applyClauses(
      source,
      node.where ? { where: node.where } : {},
      node.span,
      clauseContext(context),
    ),
    format,
    ...(dialect && { dialect }),
    span: node.span,
  };
}

function formatOf(name: Name | undefined): Export['format'] {
  if (!name) return 'json';
  const found = formats.find((f) => f === name.text);
  if (found !== undefined) return found;
  fail('SYNTAX_ERROR', `there is no export format '${name.text}'; there are ${formats.join(', ')}`, {
    span: name.span,
    hint: didYouMean(name.text, formats),
  });
}

function dialectOf(name: Name | undefined, format: Export['format']): SqlDialectName | undefined {
  if (!name) return format === 'sql' ? 'sql' : undefined;
  if (format !== 'sql') {
    fail('SYNTAX_ERROR', `dialect goes with sql, not with ${format}`, {
      span: name.span,
      hint: 'as sql dialect mysql',
    });
  }
  const found = dialects.get(name.text);
  if (found !== undefined) return found;
  const names = [...dialects.keys()];
  fail('SYNTAX_ERROR', `there is no dialect '${name.text}'; there are ${names.join(', ')}`, {
    span: name.span,
    hint: didYouMean(name.text, names),
  });
}
