import { assertNever, fail, type Span } from '@drops/diagnostics';
import {
  rowShape,
  walk,
  type Expression,
  type NumberArgument,
  type Relation,
  type RowEffect,
} from '@drops/ir';
import type { FieldName, Pipe, SavePipe, SendEmailPipe, Value } from '@drops/syntax';
import { lowerSingleRoute } from '../routes.js';
import { lowerKey, lowerNumber, lowerValue } from '../values.js';
import { filter, lowerSort, type ClauseContext } from './clauses.js';
import { lowerPick } from './projections.js';
import { resolveField, scopeOf, type RowScope } from './row-scope.js';

/** Rows after all pipes, and what the last one does with them. */
export interface Piped {
  readonly relation: Relation;
  readonly effect?: RowEffect;
  /** The last pipe is `count`: the reply is the number alone. */
  readonly counted: boolean;
}

/** Applies the pipes left to right, exactly as written. Nothing may follow one that acts. */
export function applyPipes(input: Relation, pipes: readonly Pipe[], context: ClauseContext): Piped {
  let relation = input;
  for (const [i, pipe] of pipes.entries()) {
    if (pipe.kind === 'RemovePipe' || pipe.kind === 'SavePipe' || pipe.kind === 'SendEmailPipe') {
      const next = pipes[i + 1];
      if (next) {
        fail('SYNTAX_ERROR', 'nothing can follow a pipe that acts', {
          span: next.span,
          hint: 'put it before the pipe that acts',
        });
      }
      return { relation, effect: lowerEffect(relation, pipe, context), counted: false };
    }
    relation = applyPipe(relation, pipe, context);
  }
  return { relation, counted: pipes.at(-1)?.kind === 'CountPipe' };
}

type QuietPipe = Exclude<Pipe, { readonly kind: 'RemovePipe' | 'SavePipe' | 'SendEmailPipe' }>;
type ActingPipe = Extract<Pipe, { readonly kind: 'RemovePipe' | 'SavePipe' | 'SendEmailPipe' }>;

function applyPipe(input: Relation, pipe: QuietPipe, context: ClauseContext): Relation {
  const { span } = pipe;
  switch (pipe.kind) {
    case 'PickPipe':
      return lowerPick(input, pipe, context);
    case 'FirstPipe':
      return pipe.count
        ? slice(input, span, lowerNumber(pipe.count, 'count', 'first'))
        : { ...slice(input, span, 1), single: true };
    case 'CountPipe':
      return countRows(input, span);
    case 'SortPipe':
      return lowerSort(input, pipe.keys, context);
    case 'LimitPipe':
      return slice(input, span, lowerNumber(pipe.count, 'count', 'limit'));
    case 'SkipPipe':
      return slice(input, span, undefined, lowerNumber(pipe.count, 'count', 'skip'));
    case 'WherePipe':
      return filter(input, pipe.predicate, context);
    default:
      return assertNever(pipe);
  }
}

function slice(
  input: Relation,
  span: Span,
  limit: NumberArgument | undefined,
  offset: NumberArgument = 0,
): Extract<Relation, { kind: 'Slice' }> {
  return {
    kind: 'Slice',
    input,
    offset,
    ...(limit !== undefined && { limit }),
    single: false,
    paged: false,
    span,
  };
}

/** One row with the number of rows. */
export function countRows(input: Relation, span: Span): Relation {
  return { kind: 'Group', input, by: null, aggregates: [{ fn: 'count', as: 'count', span }], span };
}

function lowerEffect(relation: Relation, pipe: ActingPipe, context: ClauseContext): RowEffect {
  switch (pipe.kind) {
    case 'RemovePipe':
      checkRemovable(relation, pipe.span);
      return { kind: 'RemoveEach', span: pipe.span };
    case 'SavePipe':
      return lowerSave(pipe);
    case 'SendEmailPipe':
      return lowerEmail(relation, pipe, context);
    default:
      return assertNever(pipe);
  }
}

function lowerSave(pipe: SavePipe): RowEffect {
  const route = lowerSingleRoute(pipe.route, 'save');
  const { span } = pipe;
  return pipe.key
    ? { kind: 'SaveAll', route, key: lowerKey(pipe.key), span }
    : { kind: 'SaveEach', route, span };
}

/** Only drops as they are now can be removed. */
function checkRemovable(relation: Relation, span: Span): void {
  if (rowShape(relation) === 'flat') {
    fail(
      'TYPE_ERROR',
      'remove needs drops; after a group, count or pick the rows are values without a place',
      {
        span,
        hint: 'leave the group or pick out: find R where … then remove',
      },
    );
  }
  walk(relation, (node) => {
    if (node.kind === 'InQuery') return 'skip';
    if (node.kind === 'Scan' && (node.versions === 'history' || node.asOf)) {
      fail('TYPE_ERROR', 'remove works on the current state; these rows are of the past', { span });
    }
    return undefined;
  });
}

function lowerEmail(relation: Relation, pipe: SendEmailPipe, context: ClauseContext): RowEffect {
  const scope = scopeOf(relation, context.catalog);
  if (!pipe.to) {
    fail('TYPE_ERROR', 'send email needs a receiver', {
      span: pipe.span,
      hint: 'send email to email subject "…"',
    });
  }
  const given = [
    { name: 'to', operand: pipe.to },
    { name: 'subject', operand: pipe.subject },
    { name: 'body', operand: pipe.body },
  ];
  return {
    kind: 'InvokeEach',
    service: 'mail',
    verb: 'send',
    arguments: given.flatMap(({ name, operand }) =>
      operand ? [{ name, value: lowerText(operand, scope) }] : [],
    ),
    span: pipe.span,
  };
}

/** A field of the row, or a text; `{{name}}` in it is filled when it is sent. */
function lowerText(operand: Value | FieldName, scope: RowScope): Expression {
  if (operand.kind === 'FieldName') return resolveField(operand, scope);
  const value = lowerValue(operand);
  if (value.kind === 'Lit' && typeof value.value !== 'string') {
    fail('TYPE_ERROR', 'an e-mail is made of texts and fields', { span: operand.span });
  }
  return value;
}
