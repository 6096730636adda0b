import { lowerJsonQuery } from '@drops/analyzer';
import { didYouMean, fail, invariant, type Span } from '@drops/diagnostics';
import { streamBatches, type ExecutionContext } from '@drops/executor';
import { checkText, walk, type Export, type Json, type JsonObject, type Relation } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import {
  contentTypes,
  exportDialects,
  exportFormats,
  writeExport,
  type ExportFormat,
  type ExportSpec,
} from '@drops/transfer';
import { callerOf, type Caller } from './caller.js';
import { catalogOf } from './catalog.js';
import type { ExecOptions, ExportRequest, Reply, TextStream } from './engine.js';
import { executionContext, streamContext } from './execution-context.js';
import { gate, type Pass } from './gate.js';
import type { Host } from './host.js';
import { compiled } from './prepare.js';
import { failure, soleReply } from './reply.js';

/** Characters that one reply may hold; the streaming doors have no such limit. */
const maxReply = 128 * 1024 * 1024;

const nowhere: Span = { start: 0, end: 0 };

/** The route of an export, as the name of its table. */
function routeOf(relation: Relation): string {
  let route = '';
  walk(relation, (node) => {
    if (node.kind === 'Scan' && route === '') route = node.route;
  });
  return route;
}

function readRows(relation: Relation, context: ExecutionContext) {
  const query = { kind: 'Query', shape: 'rows', relation, span: nowhere } as const;
  return () => streamBatches(query, context);
}

/** The statement `export`: `{ "results", "count" }` as JSON, `{ "format", "output" }` otherwise. */
export async function performExport(
  host: Host,
  snapshot: Snapshot,
  plan: Export,
  caller: Caller,
  pass: Pass,
): Promise<Json> {
  const { format, dialect, relation } = plan;
  const context = executionContext(host, snapshot, caller, pass);
  const rows = readRows(relation, context);
  if (format === 'json') {
    const results: Json[] = [];
    const held = context.budget?.holder('the export');
    for await (const batch of rows()) {
      held?.addValue(batch);
      results.push(...batch);
    }
    return { results, count: results.length };
  }
  const spec = { format, route: routeOf(relation), ...(dialect && { dialect }) };
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of await writeExport(spec, rows)) {
    parts.push(chunk);
    length += chunk.length;
    if (length <= maxReply) continue;
    fail('QUERY_TOO_COMPLEX', `the export has more than ${maxReply} characters, too many for one reply`, {
      span: plan.span,
      hint: 'GET /export/R and the command drops export send it in pieces',
    });
  }
  return { format, ...(dialect && { dialect }), output: parts.join('') };
}

function formatOf(name: string): ExportFormat {
  const found = exportFormats.find((format) => format === name);
  if (found !== undefined) return found;
  fail('TYPE_ERROR', `format=${name.slice(0, 40)} found, one of ${exportFormats.join(', ')} expected`, {
    hint: didYouMean(name, exportFormats),
  });
}

function dialectOf(name: string | undefined, format: ExportFormat): Pick<ExportSpec, 'dialect'> {
  if (format !== 'sql') {
    if (name !== undefined) fail('TYPE_ERROR', `dialect goes with format=sql, not with format=${format}`);
    return {};
  }
  const dialect = exportDialects.get(name ?? 'sql');
  if (dialect !== undefined) return { dialect };
  const names = [...exportDialects.keys()];
  fail('TYPE_ERROR', `dialect=${name?.slice(0, 40)} found, one of ${names.join(', ')} expected`, {
    hint: didYouMean(name ?? '', names),
  });
}

/** A date or date-time with its offset → the form in which drops show their time. */
function instantOf(name: string, text: string): string {
  return new Date(checkText(text, 'time', name, nowhere)).toISOString();
}

function filterOf(request: ExportRequest): JsonObject | undefined {
  const { from, to, filter } = request;
  const time: JsonObject = {
    ...(from !== undefined && { $gte: instantOf('from', from) }),
    ...(to !== undefined && { $lte: instantOf('to', to) }),
  };
  const terms = [
    ...(filter === undefined ? [] : [filter]),
    ...(Object.keys(time).length > 0 ? [{ created_at: time }] : []),
  ];
  return terms.length > 0 ? { $and: terms } : undefined;
}

/** The JSON query that reads what is exported. */
function queryOf(request: ExportRequest): JsonObject {
  const { route, below, latest, select } = request;
  const filter = filterOf(request);
  if (select?.some((name) => name === '')) {
    fail('TYPE_ERROR', 'an empty name found in select, names separated by commas expected');
  }
  return {
    ...(below ? { prefix: route } : { route }),
    latest,
    ...(filter && { filter }),
  };
}

async function* released(chunks: AsyncIterable<string>, snapshot: Snapshot): AsyncGenerator<string> {
  try {
    yield* chunks;
  } finally {
    snapshot.release();
  }
}

/** GET /export/R and the command: chunks of text as they are made. What fails before the first of them is a reply with its status. */
export async function streamExport(
  host: Host,
  request: ExportRequest,
  options: ExecOptions,
): Promise<TextStream | Reply> {
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await host.store.snapshot();
    const caller = callerOf(options);
    const format = formatOf(request.format ?? 'ndjson');
    const dialect = dialectOf(request.dialect, format);
    const catalog = catalogOf(snapshot.definitions);
    const { plan } = lowerJsonQuery(queryOf(request), catalog);
    invariant(plan.kind === 'Query', 'a JSON query is a query');
    const { relation } = plan;
    const exported: Export = { kind: 'Export', relation, format, ...dialect, span: nowhere };
    const { effects } = compiled(exported, catalog, [], () => '');
    const pass = await gate(host, snapshot, { identity: caller.identity, plan: exported, effects });
    const spec: ExportSpec = {
      format,
      ...dialect,
      route: request.route,
      history: !request.latest,
      ...(request.select && { select: request.select }),
    };
    const chunks = await writeExport(spec, readRows(relation, streamContext(host, snapshot, caller, pass)));
    return { status: 200, contentType: contentTypes[format], chunks: released(chunks, snapshot) };
  } catch (thrown) {
    snapshot?.release();
    return soleReply(failure(host, thrown));
  }
}
