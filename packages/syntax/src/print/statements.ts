import { assertNever } from '@drops/diagnostics';
import type {
  Define,
  Every,
  Export,
  FieldName,
  Recurrence,
  Run,
  Share,
  Statement,
  TimeOfDay,
  Write,
  WriteCondition,
  WriteOptions,
} from '../ast/index.js';
import { quote } from '../tokens/string-text.js';
import { group, indent, layOut, line, softLine, type Doc } from './doc.js';
import { fieldText, predicateDoc } from './expressions.js';
import { findDocs, onLines, optional, queryDocs } from './queries.js';
import { serviceDocs } from './services.js';
import {
  isWord,
  keyText,
  labelText,
  pairDocs,
  payloadDocs,
  principalText,
  routeText,
  valueDoc,
} from './values.js';

function conditionDoc(condition: WriteCondition | undefined): Doc | undefined {
  if (!condition) return undefined;
  return condition.kind === 'IfAbsent' ? 'if absent' : ['if version = ', valueDoc(condition.version)];
}

function optionDocs(options: WriteOptions): Doc[] {
  return onLines([
    optional('keep', options.keep),
    optional('price', options.price),
    conditionDoc(options.condition),
    options.open ? 'public' : undefined,
  ]);
}

function writeDocs(write: Write): Doc[] {
  const route = routeText(write.route);
  switch (write.kind) {
    case 'Save': {
      // `public` in front reads best; behind a number it would be taken for the route.
      const leads = write.options.open === true && (isWord(write.route.path) || route.includes('/'));
      const options = leads ? { ...write.options, open: false } : write.options;
      const key = write.key ? ` ${keyText(write.key)}` : '';
      return [
        `save ${leads ? 'public ' : ''}${route}${key}`,
        ...payloadDocs(write.payload),
        ...optionDocs(options),
      ];
    }
    case 'Update': {
      return [
        `update ${route} ${keyText(write.key)}`,
        ...payloadDocs(write.payload),
        ...optionDocs(write.options),
      ];
    }
    case 'Remove':
      return [`remove ${route} ${keyText(write.key)}`, ...onLines([conditionDoc(write.condition)])];
    case 'Add': {
      const [verb, particle] = write.negative ? ['subtract', 'from'] : ['add', 'to'];
      const amount = valueDoc(write.amount);
      return [`${verb} `, amount, ` ${particle} ${route} ${keyText(write.key)} ${fieldText(write.field)}`];
    }
    default:
      return assertNever(write);
  }
}

function fieldList(fields: readonly FieldName[]): string {
  return fields.map(fieldText).join(', ');
}

function defineDocs(define: Define): Doc[] {
  const version = define.version ? [' version ', valueDoc(define.version)] : [];
  const rules = define.fields.map(({ name, rule }) => ({ name, value: rule }));
  const fields = rules.length === 0 ? [' {}'] : pairDocs(rules);
  return [`define ${routeText(define.route)}`, ...version, ' fields', ...fields];
}

function shareDocs(share: Share): Doc[] {
  const principals = share.principals.map(principalText).join(' ');
  return [
    `share ${routeText(share.route)} with ${principals}`,
    ...onLines([
      share.mode && `mode ${share.mode}`,
      share.permissions && ['can ', valueDoc(share.permissions)],
    ]),
  ];
}

function runDocs(run: Run): Doc[] {
  return [
    `run ${routeText(run.route)}`,
    ...(run.body ? payloadDocs(run.body) : []),
    ...onLines([run.async ? 'async' : undefined, optional('max_retries', run.maxRetries)]),
  ];
}

function timeText({ hour, minute }: TimeOfDay): string {
  if (minute !== 0) return `${hour}:${String(minute).padStart(2, '0')}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${hour < 12 ? 'am' : 'pm'}`;
}

function recurrenceText(recurrence: Recurrence): string {
  if (recurrence.kind === 'CronText') return quote(recurrence.text);
  const at = recurrence.at ? ` at ${timeText(recurrence.at)}` : '';
  if (recurrence.kind === 'OnWeekday') return recurrence.weekday + at;
  const { count, unit } = recurrence;
  return (count === 1 ? unit : `${count} ${unit}s`) + at;
}

function everyDocs(every: Every): Doc[] {
  return [`every ${recurrenceText(every.recurrence)} ${labelText(every.name.text)}: `, ...runDocs(every.run)];
}

function exportDocs(node: Export): Doc[] {
  const dialect = node.dialect ? ` dialect ${node.dialect.text}` : '';
  return [
    `export ${routeText(node.route)}`,
    ...onLines([
      node.latest ? 'latest' : undefined,
      node.where && ['where ', predicateDoc(node.where, findDocs)],
      node.format && `as ${node.format.text}${dialect}`,
    ]),
  ];
}

/** The inner text of a `translate` stays on one line. */
function innerText(statement: Statement): string {
  return quote(layOut(group(...statementDocs(statement)), Infinity));
}

/** A statement as a row of docs, broken between its parts if it must be. */
export function statementDocs(statement: Statement): Doc[] {
  switch (statement.kind) {
    case 'Get':
    case 'Find':
    case 'List':
    case 'Count':
    case 'Search':
    case 'Primitives':
      return queryDocs(statement);
    case 'Save':
    case 'Update':
    case 'Remove':
    case 'Add':
      return writeDocs(statement);
    case 'Bulk': {
      const writes = statement.writes.map((write) => group(indent(...writeDocs(write))));
      const rows = writes.flatMap((doc, index) => (index === 0 ? [doc] : [',', line, doc]));
      return ['bulk (', group(indent(softLine, ...rows), softLine), ')'];
    }
    case 'Define':
      return defineDocs(statement);
    case 'DefineIndex':
      return [`define ${routeText(statement.route)} index ${fieldList(statement.fields)}`];
    case 'Undefine':
      return [
        `undefine ${routeText(statement.route)}${statement.fields ? ` index ${fieldList(statement.fields)}` : ''}`,
      ];
    case 'Validate':
      return [`validate ${routeText(statement.route)}`, ...payloadDocs(statement.payload)];
    case 'Patterns':
      return ['patterns'];
    case 'Share':
      return shareDocs(statement);
    case 'Unshare': {
      const principals = statement.principals.map(principalText).join(' ');
      return [`unshare ${routeText(statement.route)}${principals === '' ? '' : ` from ${principals}`}`];
    }
    case 'WritePublic':
      return ['write public'];
    case 'Run':
      return runDocs(statement);
    case 'StatusOfJob':
      return ['status ', valueDoc(statement.id)];
    case 'StatusOfRoute':
      return [`status ${routeText(statement.route)}`];
    case 'When': {
      const secret = statement.secret && (['secret ', valueDoc(statement.secret)] as const);
      return [
        `when ${routeText(statement.route)} changes call `,
        valueDoc(statement.url),
        ...onLines([secret]),
      ];
    }
    case 'Webhooks':
      return ['webhooks'];
    case 'WebhookDelete':
      return ['webhook delete ', valueDoc(statement.id)];
    case 'Every':
      return everyDocs(statement);
    case 'Schedules':
      return ['schedules'];
    case 'ScheduleDelete':
      return ['schedule delete ', valueDoc(statement.name)];
    case 'Export':
      return exportDocs(statement);
    case 'Translate':
      return [`translate ${innerText(statement.statement)} to ${statement.target.text}`];
    case 'Sql':
      return ['sql ', valueDoc(statement.text)];
    case 'Context':
      return ['context'];
    case 'Explain': {
      const mode = statement.mode === 'plan' ? '' : `${statement.mode} `;
      return [`explain ${mode}`, ...statementDocs(statement.statement)];
    }
    case 'Service':
      return serviceDocs(statement);
    default:
      return assertNever(statement);
  }
}
