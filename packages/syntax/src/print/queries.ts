import { assertNever } from '@drops/diagnostics';
import type {
  Aggregate,
  AsOf,
  Clauses,
  Find,
  Get,
  JoinClause,
  NumberArgument,
  PickItem,
  Pipe,
  Query,
  Search,
  SendEmailPipe,
  SortKey,
} from '../ast/index.js';
import { line, type Doc } from './doc.js';
import { fieldText, operandDoc, predicateDoc } from './expressions.js';
import { isWord, keyText, labelText, routeText, valueDoc } from './values.js';

/** Parts of a statement, each on a line of its own when one line does not hold them all. */
export function onLines(parts: readonly (Doc | undefined)[]): Doc[] {
  return parts.flatMap((part) => (part === undefined ? [] : [line, part]));
}

/** `word value`, if there is a value. */
export function optional(word: string, value: NumberArgument | undefined): Doc | undefined {
  return value && [`${word} `, valueDoc(value)];
}

export function asOfDoc({ at }: AsOf): Doc {
  return at.kind === 'Transaction' ? ['as of tx ', valueDoc(at.tx)] : ['as of ', valueDoc(at)];
}

function joinText(join: JoinClause): string {
  const kind = join.join === 'inner' ? 'inner join' : 'join';
  return `${kind} ${routeText(join.route)} on ${fieldText(join.left)} = ${fieldText(join.right)}`;
}

function aggregateText(aggregate: Aggregate): string {
  const call = aggregate.field ? `${aggregate.function} ${fieldText(aggregate.field)}` : aggregate.function;
  if (!aggregate.alias) return call;
  const { text } = aggregate.alias;
  return isWord(text) ? `${call} as ${text}` : `${labelText(text)}: ${call}`;
}

function sortText(keys: readonly SortKey[]): string {
  return `sort ${keys.map((key) => fieldText(key.field) + (key.descending ? ' desc' : '')).join(', ')}`;
}

/** `group` and its aggregates stand on one line: they are read together. */
function groupText({ group, aggregates }: Clauses): string | undefined {
  const by = group ? [`group ${group.map(fieldText).join(', ')}`] : [];
  const parts = [...by, ...(aggregates ?? []).map(aggregateText)];
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** `as` right behind an aggregate would name its column, so the view then stands before the group. */
function viewGoesFirst(clauses: Clauses): boolean {
  const last = clauses.aggregates?.at(-1);
  if (!last || (last.alias && isWord(last.alias.text))) return false;
  return !(clauses.having || clauses.sort || clauses.limit || clauses.skip || clauses.after);
}

function clauseDocs(clauses: Clauses): (Doc | undefined)[] {
  const view = clauses.view && `as ${clauses.view.text}`;
  const early = viewGoesFirst(clauses);
  return [
    clauses.latest && 'latest',
    clauses.history && 'history',
    clauses.asOf && asOfDoc(clauses.asOf),
    clauses.join && joinText(clauses.join),
    clauses.where && ['where ', predicateDoc(clauses.where, findDocs)],
    early ? view : undefined,
    groupText(clauses),
    clauses.having && ['having ', predicateDoc(clauses.having, findDocs)],
    clauses.sort && sortText(clauses.sort),
    optional('limit', clauses.limit),
    optional('skip', clauses.skip),
    clauses.after && ['after ', valueDoc(clauses.after)],
    early ? undefined : view,
  ].map((part) => (part === false ? undefined : part));
}

function itemDoc(item: PickItem): Doc {
  const value = item.value === '*' ? '*' : operandDoc(item.value);
  return item.alias === undefined ? value : [`${labelText(item.alias)}: `, value];
}

function emailDoc({ to, subject, body }: SendEmailPipe): Doc {
  const parts = [['to', to] as const, ['subject', subject] as const, ['body', body] as const];
  return [
    'send email',
    ...parts.flatMap(([name, operand]) => {
      if (!operand) return [];
      return [` ${name} `, operand.kind === 'FieldName' ? fieldText(operand) : valueDoc(operand)];
    }),
  ];
}

function actionDoc(pipe: Pipe): Doc {
  switch (pipe.kind) {
    case 'PickPipe':
      return [
        'pick ',
        ...pipe.items.flatMap((item, index) => (index === 0 ? [itemDoc(item)] : [', ', itemDoc(item)])),
      ];
    case 'FirstPipe':
      return pipe.count ? ['first ', valueDoc(pipe.count)] : 'first';
    case 'CountPipe':
      return 'count';
    case 'SortPipe':
      return sortText(pipe.keys);
    case 'LimitPipe':
      return ['limit ', valueDoc(pipe.count)];
    case 'SkipPipe':
      return ['skip ', valueDoc(pipe.count)];
    case 'WherePipe':
      return ['where ', predicateDoc(pipe.predicate, findDocs)];
    case 'RemovePipe':
      return 'remove';
    case 'SavePipe':
      return `save ${routeText(pipe.route)}${pipe.key ? ` ${keyText(pipe.key)}` : ''}`;
    case 'SendEmailPipe':
      return emailDoc(pipe);
    default:
      return assertNever(pipe);
  }
}

function pipeDocs(pipes: readonly Pipe[]): Doc[] {
  return pipes.map((pipe) => ['then ', actionDoc(pipe)]);
}

/** A find, also where it stands inside another statement. */
export function findDocs(find: Find): Doc[] {
  return [
    `find ${routeText(find.route)}`,
    ...onLines([...clauseDocs(find.clauses), ...pipeDocs(find.pipes)]),
  ];
}

function getDocs(get: Get): Doc[] {
  const history = get.history && [
    'history',
    ...(get.historyLimit ? [' limit ', valueDoc(get.historyLimit)] : []),
  ];
  return [
    `get ${routeText(get.route)} ${keyText(get.key)}`,
    ...onLines([history || undefined, get.asOf && asOfDoc(get.asOf)]),
  ];
}

function searchDocs(search: Search): Doc[] {
  const text = search.text ? [' ', valueDoc(search.text)] : [];
  return [
    `search ${routeText(search.route)}`,
    ...text,
    ...onLines([
      search.vector && ['vector ', valueDoc(search.vector)],
      search.fusion && ['fusion ', valueDoc(search.fusion)],
      search.where && ['where ', predicateDoc(search.where, findDocs)],
      search.asOf && asOfDoc(search.asOf),
      optional('top', search.top),
      optional('candidates', search.candidates),
      optional('min_score', search.minScore),
      search.highlight && 'highlight',
      ...clauseDocs(search.clauses),
      ...pipeDocs(search.pipes),
    ]),
  ];
}

/** A statement that reads. */
export function queryDocs(query: Query): Doc[] {
  switch (query.kind) {
    case 'Get':
      return getDocs(query);
    case 'Find':
      return findDocs(query);
    case 'List':
      return [
        `list ${routeText(query.route)}`,
        ...onLines([...clauseDocs(query.clauses), ...pipeDocs(query.pipes)]),
      ];
    case 'Count':
      return [`count ${routeText(query.route)}`, ...onLines(clauseDocs(query.clauses))];
    case 'Search':
      return searchDocs(query);
    case 'Primitives': {
      const facets = query.facets.map((facet) => [`${facet.name} `, valueDoc(facet.condition)]);
      return ['primitives', ...onLines([...facets, ...clauseDocs(query.clauses), ...pipeDocs(query.pipes)])];
    }
    default:
      return assertNever(query);
  }
}
