import { assertNever, invariant } from '@drops/diagnostics';
import {
  rowShape,
  walk,
  type Effect,
  type EffectAction,
  type Expression,
  type Field,
  type Invoke,
  type Path,
  type Plan,
  type Query,
  type Relation,
  type RowEffect,
} from '@drops/ir';
import { emptyCatalog, type Catalog } from './catalog.js';

/**
 * What a plan reads and writes: routes × actions × fields, each once, reads before writes.
 * Translate and explain have the effects of the statement inside. With a catalog, the declared
 * effects of capabilities are among them.
 */
export function effects(plan: Plan, catalog: Pick<Catalog, 'capability'> = emptyCatalog): readonly Effect[] {
  const found: Effect[] = [];
  for (const effect of planEffects(plan, catalog)) {
    const i = found.findIndex((known) => sameDeed(known, effect));
    const known = found[i];
    if (known) found[i] = unite(known, effect);
    else found.push(effect);
  }
  return found;
}

function unite(a: Effect, b: Effect): Effect {
  return {
    ...a,
    fields: uniteFields(a.fields, b.fields),
    removes: a.removes || b.removes,
    direct: a.direct || b.direct,
  };
}

/** The same action on the same route: the fields of both are one list. */
function sameDeed(a: Effect, b: Effect): boolean {
  return a.action === b.action && a.route === b.route && a.subtree === b.subtree && a.writes === b.writes;
}

function uniteFields(a: Effect['fields'], b: Effect['fields']): Effect['fields'] {
  if (a === '*' || b === '*') return '*';
  const united = [...a];
  for (const path of b) push(united, path);
  return united;
}

function write(action: EffectAction, route: string | null, subtree = false): Effect {
  return { action, route, subtree, fields: [], writes: true, removes: false, direct: true };
}
function removal(route: string | null, subtree = false): Effect {
  return { ...write('drop', route, subtree), removes: true };
}
function read(
  action: EffectAction,
  route: string | null,
  fields: Effect['fields'] = '*',
  subtree = false,
): Effect {
  return { action, route, subtree, fields, writes: false, removes: false, direct: true };
}

function queryAction({ language, shape }: Query): EffectAction {
  if (language === 'sql') return 'sql';
  return shape === 'drop' || shape === 'versions' ? 'entity' : 'query';
}

function planEffects(plan: Plan, catalog: Pick<Catalog, 'capability'>): readonly Effect[] {
  switch (plan.kind) {
    case 'Query':
      return relationEffects(plan.relation, queryAction(plan));
    case 'Put':
      return [
        plan.key !== undefined && isNull(plan.payload) ? removal(plan.route) : write('drop', plan.route),
      ];
    case 'Delete':
      return [removal(plan.route)];
    case 'Increment':
      return [write('drop', plan.route)];
    case 'Batch':
      return plan.operations.flatMap((o) => planEffects(o, catalog));
    case 'ForEach':
      return [...relationEffects(plan.input, 'query'), ...rowEffects(plan.effect, plan.input)];
    case 'DefineView':
      // Whoever reads a view needs rights to what it reads; whoever defines it only to its name.
      return [write('define', plan.name)];
    case 'DefineSchema':
    case 'Undefine':
      return [write('define', plan.name)];
    case 'DefineIndex':
      return [write('define', plan.route)];
    case 'Validate':
      return [read('inspect', plan.schema, [])];
    case 'Grant':
    case 'Revoke':
      return [write('access', plan.route)];
    case 'SetPolicy':
      return [];
    case 'Call':
      return [write('execute', plan.route)];
    case 'Trigger':
      return [{ ...write('stream', plan.route, true), fields: '*' }];
    case 'Schedule':
      return [write('execute', plan.action.route)];
    case 'Drop':
      return [write('inspect', null)];
    case 'Inspect':
      return [read('inspect', plan.target.what === 'route' ? plan.target.route : null, [])];
    case 'Export':
      return relationEffects(plan.relation, 'export');
    case 'Translate':
    case 'Explain':
      return planEffects(plan.plan, catalog);
    case 'Invoke':
      return invokeEffects(plan, catalog);
    default:
      return assertNever(plan);
  }
}

/** `save R @k null` removes. */
function isNull(payload: Expression): boolean {
  return payload.kind === 'Lit' && payload.value === null;
}

function rowEffects(effect: RowEffect, input: Relation): readonly Effect[] {
  switch (effect.kind) {
    case 'RemoveEach':
      return leftSources(input).map(({ route, subtree }) => removal(route, subtree));
    case 'SaveEach':
    case 'SaveAll':
      return [write('drop', effect.route)];
    case 'InvokeEach':
      return [write(`invoke:${effect.service}.${effect.verb}`, null)];
    default:
      return assertNever(effect);
  }
}

interface Source {
  readonly route: string | null;
  readonly subtree: boolean;
}

/** Where the (left) rows come from. */
function leftSources(relation: Relation): readonly Source[] {
  switch (relation.kind) {
    case 'Scan':
      return [{ route: relation.route, subtree: relation.subtree }];
    case 'Search':
      return [{ route: relation.route, subtree: true }];
    case 'FacetScan':
      return [{ route: null, subtree: true }];
    case 'Join':
      return leftSources(relation.left);
    case 'Filter':
    case 'Project':
    case 'Sort':
    case 'Slice':
    case 'Group':
      return leftSources(relation.input);
    default:
      return assertNever(relation);
  }
}

/** The reads of a relation: every source with the fields that matter of it. Sub-queries are reads of their own. */
function relationEffects(relation: Relation, action: EffectAction): readonly Effect[] {
  const whole = showsWholeDrops(relation);
  const own: Effect[] = [];
  const nested: Effect[] = [];
  const used: UsedFields = { left: [], right: [] };
  walk(relation, (node) => {
    if (node.kind === 'InQuery') {
      const inner = relationEffects(node.query, action === 'entity' ? 'query' : action);
      nested.push(...inner.map((effect) => ({ ...effect, direct: false })));
      collectFields(node.operand, used);
      return 'skip';
    }
    if (node.kind === 'Field') collectField(node, used);
    return undefined;
  });
  for (const { source, right } of sourcesOf(relation, false)) {
    const fields = whole ? '*' : right ? used.right : used.left;
    const effect = read(sourceAction(source, action), routeOf(source), fields, isSubtree(source));
    own.push({ ...effect, direct: !right && !isBehindView(source) });
  }
  return [...own, ...nested];
}

type SourceNode = Extract<Relation, { readonly kind: 'Scan' | 'Search' | 'FacetScan' }>;

function sourcesOf(relation: Relation, right: boolean): readonly { source: SourceNode; right: boolean }[] {
  switch (relation.kind) {
    case 'Scan':
    case 'Search':
    case 'FacetScan':
      return [{ source: relation, right }];
    case 'Join':
      return [...sourcesOf(relation.left, right), ...sourcesOf(relation.right, true)];
    case 'Filter':
    case 'Project':
    case 'Sort':
    case 'Slice':
    case 'Group':
      return sourcesOf(relation.input, right);
    default:
      return assertNever(relation);
  }
}

function sourceAction(source: SourceNode, action: EffectAction): EffectAction {
  return source.kind === 'Search' ? 'search' : action;
}
function routeOf(source: SourceNode): string | null {
  return source.kind === 'FacetScan' ? null : source.route;
}
function isBehindView(source: SourceNode): boolean {
  return source.kind === 'Scan' && source.view !== undefined;
}
function isSubtree(source: SourceNode): boolean {
  return source.kind !== 'Scan' || source.subtree;
}

/** False when a group or a pick of named columns stands between the sources and the reply. */
function showsWholeDrops(relation: Relation): boolean {
  switch (relation.kind) {
    case 'Group':
      return rowShape(relation.input) === 'flat' && showsWholeDrops(relation.input);
    case 'Project':
      return rowShape(relation.input) === 'flat' ? showsWholeDrops(relation.input) : relation.star;
    case 'Filter':
    case 'Sort':
    case 'Slice':
      return showsWholeDrops(relation.input);
    default:
      return true;
  }
}

/** Fields by the side they are looked up on; written as in a JSON query: `payload.x`, system columns bare. */
interface UsedFields {
  readonly left: Path[];
  readonly right: Path[];
}

/** Collects the fields of an expression; what a sub-query reads is its own affair. */
function collectFields(expression: Expression, used: UsedFields): void {
  walk(expression, (node) => {
    if (node.kind === 'InQuery') return 'skip';
    if (node.kind === 'Field') collectField(node, used);
    return undefined;
  });
}

function collectField({ scope, path }: Field, used: UsedFields): void {
  if (scope === 'system') push(used.left, path);
  if (scope === 'payload' || scope === 'either') push(used.left, ['payload', ...path]);
  if (scope === 'joined' || scope === 'either') {
    push(used.right, path.length === 1 && path[0] === 'key' ? path : ['payload', ...path]);
  }
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((segment, i) => segment === b[i]);
}

function push(list: Path[], path: Path): void {
  if (!list.some((known) => samePath(known, path))) list.push(path);
}

/** A service is a right of its own, and what it is declared to do to routes comes with it. */
function invokeEffects(plan: Invoke, catalog: Pick<Catalog, 'capability'>): readonly Effect[] {
  const target = plan.target ?? null;
  const own = write(`invoke:${plan.service}.${plan.verb}`, target);
  const declared = catalog.capability(plan.service, plan.verb)?.effects ?? [];
  return [
    own,
    ...declared.flatMap((e): readonly Effect[] => {
      const route = fillTemplate(e.route, plan);
      if (e.action === 'act') return [];
      return e.action === 'read' ? [read('query', route)] : [write('drop', route)];
    }),
  ];
}

/** A route template with the target and literal arguments filled in; null when a part is only known later. */
function fillTemplate(template: string, plan: Invoke): string | null {
  let open = false;
  const route = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'target' ? plan.target : argumentOf(plan, name);
    if (value === undefined) open = true;
    return value ?? '';
  });
  invariant(open || route !== '', `the effect of ${plan.service}.${plan.verb} names no route`);
  return open ? null : route;
}

function argumentOf(plan: Invoke, name: string): string | undefined {
  const value = plan.arguments.find((a) => a.name === name)?.value;
  return value?.kind === 'Lit' && typeof value.value === 'string' ? value.value : undefined;
}
