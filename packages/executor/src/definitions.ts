import { fail } from '@drops/diagnostics';
import {
  definitionRoutes,
  getProperty,
  irVersion,
  isObject,
  patternRecord,
  validatePayload,
  type DefineSchema,
  type DefineView,
  type Json,
  type Relation,
  type Undefine,
  type Validate,
} from '@drops/ir';
import type { Operation } from '@drops/store';
import { publicIdOf } from '@drops/store/public-id';
import type { ExecutionContext } from './context.js';
import { constantValue } from './expressions/compile.js';
import { placedError } from './writes/operation-error.js';
import { textOf } from './writes/to-operation.js';

/** Writes definitions; what is refused is refused at the place of the statement. */
export async function commitDefinitions(
  operations: readonly Operation[],
  span: { start: number; end: number },
  context: ExecutionContext,
) {
  try {
    return await context.store.commit({ operations, writer: context.writer });
  } catch (thrown) {
    throw placedError(
      thrown,
      operations.map(() => span),
      false,
    );
  }
}

/** `define R fields …`: the pattern is an entity on the route of patterns. */
export async function defineSchema(plan: DefineSchema, context: ExecutionContext): Promise<Json> {
  const version = plan.version === undefined ? '1' : textOf(plan.version);
  const payload = patternRecord(plan.fields, version);
  await commitDefinitions(
    [{ kind: 'put', route: definitionRoutes.patterns, key: plan.name, payload }],
    plan.span,
    context,
  );
  return { ok: true, pattern: plan.name, version };
}

/** Whose view it is: its first writer's public id, `anonymous`, or null for the embedding program. */
function ownerOf(record: Json | undefined): Json | undefined {
  return isObject(record) ? getProperty(record, 'owner') : undefined;
}

/** Only the first writer of a view, or an administrator, may change it. */
function checkOwner(name: string, span: DefineView['span'], context: ExecutionContext): Json {
  const { writer, standing = writer === null ? 'administrator' : 'key' } = context;
  const caller = standing === 'anonymous' ? 'anonymous' : writer === null ? null : publicIdOf(writer);
  const owner = ownerOf(context.snapshot.definitions.views.get(name));
  if (owner === undefined) return caller;
  if (standing !== 'administrator' && owner !== caller) {
    fail('FORBIDDEN', `the view '${name}' belongs to another key`, { span });
  }
  return owner;
}

/** A plan node as plain JSON. */
function toJson(relation: Relation): Json {
  const json: Json = JSON.parse(JSON.stringify(relation));
  return json;
}

/** `find … as name`: the relation itself is stored. */
export async function defineView(plan: DefineView, context: ExecutionContext): Promise<Json> {
  const owner = checkOwner(plan.name, plan.span, context);
  const payload: Json = { relation: toJson(plan.relation), version: irVersion, owner };
  await commitDefinitions(
    [{ kind: 'put', route: definitionRoutes.views, key: plan.name, payload }],
    plan.span,
    context,
  );
  return { ok: true, view: plan.name };
}

/** The relation of a view out of its record; undefined for records that are none, or of another version of the IR. */
export function readViewRecord(record: Json): Relation | undefined {
  if (!isObject(record) || getProperty(record, 'version') !== irVersion) return undefined;
  const relation = getProperty(record, 'relation');
  if (!isObject(relation)) return undefined;
  const read: Relation = JSON.parse(JSON.stringify(relation));
  return read;
}

/** `undefine NAME` removes the pattern, the view, or both. NOT_FOUND when there is neither. */
export async function undefine(plan: Undefine, context: ExecutionContext): Promise<Json> {
  const { name, span } = plan;
  const { patterns, views } = context.snapshot.definitions;
  if (views.has(name)) checkOwner(name, span, context);
  const operations: Operation[] = [
    ...(patterns.has(name) ? [definitionRoutes.patterns] : []),
    ...(views.has(name) ? [definitionRoutes.views] : []),
  ].map((route) => ({ kind: 'delete', route, key: name }));
  if (operations.length === 0)
    fail('NOT_FOUND', `there is no pattern and no view called '${name}'`, { span });
  await commitDefinitions(operations, span, context);
  return { ok: true, removed: operations.length, name };
}

/** `validate NAME payload`: every way the payload breaks the pattern. */
export function validate(plan: Validate, context: ExecutionContext): Json {
  const pattern = context.snapshot.definitions.patterns.get(plan.schema);
  if (!pattern) fail('NOT_FOUND', `there is no pattern called '${plan.schema}'`, { span: plan.span });
  const payload = constantValue(plan.payload, { now: context.snapshot.now, answers: new Map() });
  const errors = validatePayload(pattern, payload);
  return { valid: errors.length === 0, errors: errors.map(({ field, message }) => ({ field, message })) };
}
