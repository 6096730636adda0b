import { assertNever } from '@drops/diagnostics';
import type { AsOfPoint, Expression, Relation, SortKey } from '../nodes/relational.js';
import type { Plan, RowEffect, WriteCondition } from '../nodes/plans.js';
import { pathText } from '../values/path.js';
import { argumentText, expressionText } from './expression-text.js';
import { walk } from './walk.js';

/** A line of plan text with its children. */
interface TextNode {
  readonly line: string;
  readonly children: readonly TextNode[];
}

/** A plan as stable indented text, one node a line: for tests, `explain` and people. */
export function planText(plan: Plan): string {
  return draw(planNode(plan), 0).join('\n');
}

/** A relation as stable indented text. */
export function relationText(relation: Relation): string {
  return draw(relationNode(relation), 0).join('\n');
}

function draw(node: TextNode, depth: number): readonly string[] {
  return ['  '.repeat(depth) + node.line, ...node.children.flatMap((c) => draw(c, depth + 1))];
}

/** Joins the parts that are there with spaces. */
function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((p) => p !== undefined && p !== false && p !== '').join(' ');
}

function option(name: string, value: Parameters<typeof argumentText>[0] | undefined): string | undefined {
  return value === undefined ? undefined : `${name} ${argumentText(value)}`;
}

function asOfText(asOf: AsOfPoint | undefined): string | undefined {
  if (asOf === undefined) return undefined;
  return asOf.kind === 'Time' ? `as of ${argumentText(asOf.at)}` : `as of tx ${argumentText(asOf.tx)}`;
}

/** One sort key: `name desc`. */
export function sortKeyText(key: SortKey): string {
  return expressionText(key.expression) + (key.descending ? ' desc' : '');
}

/** The queries inside an expression: they become children of its node. */
function queriesIn(...expressions: readonly Expression[]): readonly TextNode[] {
  const found: TextNode[] = [];
  for (const expression of expressions) {
    walk(expression, (node) => {
      if (node.kind !== 'InQuery') return undefined;
      found.push(relationNode(node.query));
      return 'skip';
    });
  }
  return found;
}

function named(expression: Expression, as: string): string {
  const text = expressionText(expression);
  return text === as ? text : `${as}: ${text}`;
}

/** The own line of a relation, without its inputs. */
export function relationLine(r: Relation): string {
  switch (r.kind) {
    case 'Scan':
      return words(
        'Scan',
        r.subtree ? `${r.route}/*` : r.route,
        r.versions === 'history' && 'history',
        r.rows === 'entities' && 'entities',
        asOfText(r.asOf),
      );
    case 'Search':
      return words(
        'Search',
        r.route,
        r.text === undefined ? undefined : argumentText(r.text),
        r.vector && `vector ${expressionText(r.vector)}`,
        option('limit', r.limit),
        option('candidates', r.candidates),
        option('fusion', r.fusion),
        option('min_score', r.minScore),
        r.highlight && 'highlight',
        asOfText(r.asOf),
      );
    case 'FacetScan':
      return words('FacetScan', ...r.facets.map((f) => `${f.name} ${expressionText(f.predicate)}`));
    case 'Filter':
      return `Filter ${expressionText(r.predicate)}`;
    case 'Project':
      return `Project ${[...(r.star ? ['*'] : []), ...r.items.map((i) => named(i.expression, i.as))].join(', ')}`;
    case 'Sort':
      return `Sort ${r.keys.map(sortKeyText).join(', ')}`;
    case 'Slice':
      return words(
        'Slice',
        r.offset !== 0 && option('offset', r.offset),
        option('limit', r.limit),
        r.single && 'single',
        r.paged && 'paged',
        option('after', r.after),
      );
    case 'Group':
      return words(
        'Group',
        (r.by?.length ?? 0) > 0 && `by ${(r.by ?? []).map((c) => named(c.expression, c.as)).join(', ')}`,
        r.aggregates
          .map((a) => `${a.as}: ${a.fn}(${a.argument ? expressionText(a.argument) : ''})`)
          .join(', '),
      );
    case 'Join':
      return `Join ${r.join} on ${r.on.map((p) => `${expressionText(p.left)} = ${pathText(p.right.path)}`).join(', ')}`;
    default:
      return assertNever(r);
  }
}

function relationNode(r: Relation): TextNode {
  const line = relationLine(r);
  switch (r.kind) {
    case 'Scan':
    case 'Search':
    case 'FacetScan':
      return { line, children: [] };
    case 'Filter':
      return { line, children: [...queriesIn(r.predicate), relationNode(r.input)] };
    case 'Project':
      return { line, children: [...queriesIn(...r.items.map((i) => i.expression)), relationNode(r.input)] };
    case 'Sort':
    case 'Slice':
    case 'Group':
      return { line, children: [relationNode(r.input)] };
    case 'Join':
      return { line, children: [relationNode(r.left), relationNode(r.right)] };
    default:
      return assertNever(r);
  }
}

function conditionText(condition: WriteCondition | undefined): string | undefined {
  if (!condition) return undefined;
  return condition.kind === 'IfAbsent' ? 'if absent' : `if version = ${argumentText(condition.version)}`;
}

function argumentsText(list: readonly { readonly name: string; readonly value: Expression }[]): string {
  return list.map((a) => `${a.name}: ${expressionText(a.value)}`).join(', ');
}

function effectLine(effect: RowEffect): string {
  switch (effect.kind) {
    case 'RemoveEach':
      return 'RemoveEach';
    case 'SaveEach':
      return `SaveEach ${effect.route}`;
    case 'SaveAll':
      return `SaveAll ${effect.route} @${argumentText(effect.key)}`;
    case 'InvokeEach':
      return words(`InvokeEach ${effect.service}.${effect.verb}`, argumentsText(effect.arguments));
    default:
      return assertNever(effect);
  }
}

function leaf(...parts: readonly (string | false | undefined)[]): TextNode {
  return { line: words(...parts), children: [] };
}

function keyText(key: Parameters<typeof argumentText>[0] | undefined): string | undefined {
  return key === undefined ? undefined : `@${argumentText(key)}`;
}

function planNode(p: Plan): TextNode {
  switch (p.kind) {
    case 'Query':
      return { line: `Query ${p.shape}`, children: [relationNode(p.relation)] };
    case 'Put':
      return leaf(
        'Put',
        p.mode,
        p.route,
        keyText(p.key),
        expressionText(p.payload),
        option('keep', p.ttl),
        option('price', p.price),
        p.open && 'public',
        conditionText(p.condition),
      );
    case 'Delete':
      return leaf('Delete', p.route, keyText(p.key), conditionText(p.condition));
    case 'Increment':
      return leaf(
        'Increment',
        p.route,
        keyText(p.key),
        pathText(p.path),
        `${p.negative ? '-' : '+'}${argumentText(p.delta)}`,
      );
    case 'Batch':
      return { line: 'Batch', children: p.operations.map(planNode) };
    case 'ForEach':
      return { line: `ForEach ${effectLine(p.effect)}`, children: [relationNode(p.input)] };
    case 'DefineView':
      return { line: `DefineView ${p.name}`, children: [relationNode(p.relation)] };
    case 'DefineSchema':
      return leaf(
        'DefineSchema',
        p.name,
        option('version', p.version),
        p.fields
          .map((f) => words(`${f.name}: ${f.type}`, f.required && 'required', f.array && 'array'))
          .join(', '),
      );
    case 'DefineIndex':
      return leaf('DefineIndex', p.route, p.fields.map(pathText).join(', '));
    case 'Undefine':
      return leaf('Undefine', p.name, p.fields?.map(pathText).join(', '));
    case 'Validate':
      return leaf('Validate', p.schema, expressionText(p.payload));
    case 'Grant':
      return leaf(
        'Grant',
        p.route,
        p.principals.map(argumentText).join(', '),
        p.mode,
        p.permissions?.join(', '),
      );
    case 'Revoke':
      return leaf('Revoke', p.route, p.principals?.map(argumentText).join(', '));
    case 'SetPolicy':
      return leaf('SetPolicy', p.name, String(p.value));
    case 'Call':
      return leaf(
        'Call',
        p.route,
        p.body && expressionText(p.body),
        p.async && 'async',
        option('max_retries', p.maxRetries),
      );
    case 'Trigger':
      return leaf('Trigger', p.route, argumentText(p.url), option('secret', p.secret));
    case 'Schedule':
      return { line: `Schedule ${p.name} "${p.cron}"`, children: [planNode(p.action)] };
    case 'Drop':
      return leaf('Drop', p.what, argumentText(p.id));
    case 'Inspect':
      return leaf(
        'Inspect',
        p.target.what,
        p.target.what === 'route' ? p.target.route : p.target.what === 'job' ? p.target.id : undefined,
      );
    case 'Export':
      return { line: words('Export', p.format, p.dialect), children: [relationNode(p.relation)] };
    case 'Translate':
      return { line: `Translate ${p.target}`, children: [planNode(p.plan)] };
    case 'Invoke':
      return leaf(`Invoke ${p.service}.${p.verb}`, p.target, keyText(p.key), argumentsText(p.arguments));
    case 'Explain':
      return { line: `Explain ${p.mode}`, children: [planNode(p.plan)] };
    default:
      return assertNever(p);
  }
}
