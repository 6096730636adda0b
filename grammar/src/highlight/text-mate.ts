import { keywordRoles, keywordsByRole, type KeywordRole } from '@drops/syntax';
import { expressionOfToken } from '../document/token-rules.js';

interface Capture {
  readonly name?: string;
  readonly patterns?: readonly Pattern[];
}
type Captures = Readonly<Record<string, Capture>>;
type Pattern =
  | { readonly include: string }
  | { readonly name?: string; readonly match: string; readonly captures?: Captures }
  | {
      readonly name?: string;
      readonly begin: string;
      readonly end: string;
      readonly beginCaptures?: Captures;
      readonly endCaptures?: Captures;
      readonly patterns?: readonly Pattern[];
    };

const word = `(?:${expressionOfToken('WORD')})`;
const field = `(?:${expressionOfToken('DOT_FIELD')}|${word})`;
const route = `(?:${expressionOfToken('PATH')}|${field})`;
/** What may not touch a word on either side, and no colon behind it: then it would be data. */
const before = '(?<![A-Za-z0-9_./@$-])';
/** The same for a number, which a sign may touch. */
const beforeNumber = '(?<![A-Za-z0-9_./@$])(?<![A-Za-z0-9_./]-)';
const behind = '(?![A-Za-z0-9_./-])';
const noLabel = '(?!\\s*:)';
/** Where a statement may begin: a line, after `;`, and after a bracket or comma of a bulk. */
const start = '(?:^|(?<=;))\\s*';

/** Words of some roles as alternatives, the longer before the shorter. */
function anyOf(...roles: readonly KeywordRole[]): string {
  const words = [...new Set<string>(roles.flatMap((role) => keywordsByRole[role]))];
  words.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return `(?:${words.join('|')})`;
}

const scope = (part: string): Capture => ({ name: `${part}.drops` });
const statementScope = scope('keyword.control.statement');
const clauseScope = scope('keyword.control.clause');
const routeScope = scope('entity.name.type.route');
const fieldScope = scope('variable.other.field');

/** Roles whose words matter only inside their own statements. */
const optionRoles = keywordRoles.filter(
  (role) =>
    role.endsWith('Option') || ['eventField', 'period', 'emailPart', 'facet', 'particle'].includes(role),
);

function quoted(opening: string, quote: string, kind: string, part: string): Pattern {
  return {
    name: `${part}.drops`,
    begin: `${opening}${quote}`,
    end: quote,
    beginCaptures: { '0': scope(`punctuation.definition.${kind}.begin`) },
    endCaptures: { '0': scope(`punctuation.definition.${kind}.end`) },
    patterns: [{ include: '#escape' }],
  };
}

function stringPatterns(): readonly Pattern[] {
  return [
    quoted('', '"', 'string', 'string.quoted.double'),
    quoted('', "'", 'string', 'string.quoted.single'),
  ];
}

function keyPatterns(): readonly Pattern[] {
  return [
    quoted('@', '"', 'key', 'entity.name.tag.key'),
    quoted('@', "'", 'key', 'entity.name.tag.key'),
    { name: 'entity.name.tag.key.drops', match: '@\\$?[A-Za-z0-9_.-]+' },
  ];
}

/** Statements, at the start of a line or after `;`; with their route, for it may be any word. */
function statementPatterns(): readonly Pattern[] {
  const verb = anyOf('statement');
  const reading = '(?:find|query|get|read|list|count|search|status|validate|define|undefine|export)';
  const writing = '(?:save|write|update|patch|remove|delete)';
  const routed = `(${reading}|${writing}|share|grant|unshare|revoke|run|event|events|rsvp)`;
  const explain = '(explain)[ \\t]+(?:(analyze|access)[ \\t]+)?';
  const head = { '1': statementScope, '2': statementScope, '3': statementScope };
  return [
    {
      match: `${start}(?:${explain})?${routed}[ \\t]+(?:(public)[ \\t]+)?(${route})${behind}${noLabel}`,
      captures: { ...head, '4': scope('keyword.other.option'), '5': routeScope },
    },
    { match: `${start}(?:${explain})?(${verb})${behind}${noLabel}`, captures: head },
    {
      match: `([(\\[,]\\s*|^\\s+)(${writing})[ \\t]+(${route})${behind}${noLabel}`,
      captures: { '2': statementScope, '3': routeScope },
    },
    {
      match: `([(\\[,]\\s*)(add|subtract)(?=[ \\t]+[0-9$-])`,
      captures: { '2': statementScope },
    },
  ];
}

/** Clauses and actions, with the field or route behind them, for it may be any word. */
function clausePatterns(): readonly Pattern[] {
  const introducers = '(?:where|and|or|having|on|group|sort|pick|pluck)';
  const functions = '(?:sum|avg|min|max|last|distinct|first)';
  const noConstant = `(?!(?:not|true|false|null|${expressionOfToken('NUMBER')})${behind})`;
  return [
    {
      match: `${before}(then)\\s+(save|write)[ \\t]+(${route})${behind}`,
      captures: { '1': clauseScope, '2': scope('keyword.control.action'), '3': routeScope },
    },
    {
      match: `(?:${before}(then)|(\\|))\\s+(pick|pluck|sort|where)\\s+${noConstant}(${field})${behind}${noLabel}`,
      captures: {
        '1': clauseScope,
        '2': scope('keyword.operator.pipe'),
        '3': scope('keyword.control.action'),
        '4': fieldScope,
      },
    },
    {
      match: `(?:${before}(then)|(\\|))\\s+(${anyOf('action')})${behind}${noLabel}`,
      captures: {
        '1': clauseScope,
        '2': scope('keyword.operator.pipe'),
        '3': scope('keyword.control.action'),
      },
    },
    {
      match: `${before}(join)[ \\t]+(${route})${behind}`,
      captures: { '1': clauseScope, '2': routeScope },
    },
    {
      match: `${before}(${introducers})\\s+${noConstant}(${field})(?![A-Za-z0-9_./(-])${noLabel}`,
      captures: { '1': clauseScope, '2': fieldScope },
    },
    {
      match: `${before}(${functions})[ \\t]+(${field})${behind}${noLabel}`,
      captures: { '1': scope('support.function.aggregate'), '2': fieldScope },
    },
    { match: `(,)\\s*${noConstant}(${field})${behind}${noLabel}`, captures: { '2': fieldScope } },
    {
      name: 'keyword.control.clause.drops',
      match: `${before}${anyOf('clause', 'pipe')}${behind}${noLabel}`,
    },
    { name: 'support.function.aggregate.drops', match: `${before}(?:count)${behind}${noLabel}` },
  ];
}

function wordPatterns(): readonly Pattern[] {
  const named = (name: string, words: string, next: string = noLabel): Pattern => ({
    name: `${name}.drops`,
    match: `${before}${words}${behind}${next}`,
  });
  return [
    named('constant.language', anyOf('constant')),
    named('keyword.operator.word', `(?:${anyOf('operator')}|with)`),
    named('storage.modifier', anyOf('direction', 'mode')),
    // An option is known by the value behind it; elsewhere the same words are names.
    named('keyword.other.option', anyOf(...optionRoles), '(?=\\s+["\'(\\[{@$0-9-])'),
    named('support.function', word, '(?=\\()'),
  ];
}

function literalPatterns(): readonly Pattern[] {
  return [
    { name: 'variable.parameter.drops', match: `${expressionOfToken('PARAMETER')}` },
    { name: 'constant.other.time.drops', match: `${before}(?:${expressionOfToken('TIME')})${behind}` },
    {
      name: 'support.type.property-name.drops',
      match: `${before}(?:${word})(?=\\s*:)`,
    },
    { name: 'constant.numeric.drops', match: `${beforeNumber}(?:${expressionOfToken('NUMBER')})${behind}` },
  ];
}

/** The grammar of TextMate and of the editors that read it. Scopes follow their conventions. */
export function textMateText(): string {
  const grammar = {
    comment: 'Generated from the tables of the parser by `pnpm grammar`.',
    name: 'Drops',
    scopeName: 'source.drops',
    fileTypes: ['drops'],
    patterns: [
      '#comment',
      '#string',
      '#key',
      '#statement',
      '#clause',
      '#literal',
      '#path',
      '#keyword',
      '#word',
      '#operator',
    ].map((include) => ({ include })),
    repository: {
      comment: {
        patterns: [
          { name: 'comment.line.double-dash.drops', match: '(?<!\\S)--.*$' },
          { name: 'comment.line.double-slash.drops', match: '(?<!\\S)//.*$' },
        ],
      },
      string: { patterns: stringPatterns() },
      escape: {
        patterns: [
          {
            name: 'constant.character.escape.drops',
            match: '\\\\(?:[nrt"\'/\\\\]|u[0-9A-Fa-f]{4})',
          },
          { name: 'invalid.illegal.escape.drops', match: '\\\\.' },
        ],
      },
      key: { patterns: keyPatterns() },
      statement: { patterns: statementPatterns() },
      clause: { patterns: clausePatterns() },
      literal: { patterns: literalPatterns() },
      path: {
        patterns: [{ name: 'entity.name.type.route.drops', match: `(?:${expressionOfToken('PATH')})` }],
      },
      keyword: { patterns: wordPatterns() },
      // The rest of the words as wholes, so that nothing is found inside of them.
      word: { patterns: [{ match: field }] },
      operator: {
        patterns: [
          { name: 'keyword.operator.comparison.drops', match: '!=|>=|<=|==?|<|>' },
          { name: 'keyword.operator.arithmetic.drops', match: '[*+/%-]' },
          { name: 'keyword.operator.pipe.drops', match: '\\|' },
          { name: 'punctuation.separator.drops', match: '[,:]' },
          { name: 'punctuation.terminator.drops', match: ';' },
          { name: 'punctuation.section.brackets.drops', match: '[\\[\\](){}]' },
        ],
      },
    },
  };
  return `${JSON.stringify(grammar, undefined, 2)}\n`;
}
