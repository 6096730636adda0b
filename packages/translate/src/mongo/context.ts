import type { Span } from '@drops/diagnostics';
import type { InQuery, Json, NumberArgument, TextArgument } from '@drops/ir';
import type { FidelityLog } from '../fidelity.js';
import { unsupported } from '../unsupported.js';
import { codeOf, constant, type MongoValue } from './script.js';

/** What every part of the writer needs. */
export interface MongoContext {
  readonly fidelity: FidelityLog;
  /** Names of the parameters that stand as variables in the script, in order. */
  readonly parameters: Set<string>;
  /** A fresh name for `$let`. */
  nextVariable(): string;
  /** UNSUPPORTED with the product's name. */
  refuse(what: string, why: string, span: Span, hint?: string): never;
}

export function mongoContext(fidelity: FidelityLog): MongoContext {
  let variables = 0;
  return {
    fidelity,
    parameters: new Set(),
    nextVariable: () => `v${(variables += 1)}`,
    refuse: (what, why, span, hint) => unsupported('MongoDB', what, why, span, hint),
  };
}

/** The lists that the queries of `in (find …)` were looked up as. */
export type Answers = ReadonlyMap<InQuery, MongoValue>;

const loneSurrogate = /\p{Surrogate}/u;

function textProblem(value: Json): boolean {
  if (typeof value === 'string') return loneSurrogate.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([name, member]) => loneSurrogate.test(name) || textProblem(member));
}

/** JSON that goes into the script; UNSUPPORTED for what UTF-8 cannot hold. */
export function checked(context: MongoContext, value: Json, span: Span): Json {
  if (textProblem(value)) context.refuse('this text', 'the text holds half a surrogate pair', span);
  return value;
}

/** A field name; UNSUPPORTED for one that no document can hold. */
export function checkedName(context: MongoContext, name: string, span: Span): string {
  if (name.includes('\0') || loneSurrogate.test(name)) {
    context.refuse('this name', 'it holds a character that no name can hold', span);
  }
  return name;
}

/** A parameter as the variable `$name` of the script. */
export function variable(context: MongoContext, name: string): MongoValue {
  context.parameters.add(name);
  return codeOf(`$${name}`);
}

/** A key or number of the plan where MongoDB wants a value, not an expression. */
export function argumentValue(
  context: MongoContext,
  argument: TextArgument | NumberArgument,
  span: Span,
): MongoValue {
  if (typeof argument === 'object') return variable(context, argument.name);
  return checked(context, argument, span) === argument ? argument : null;
}

/** A constant as an expression. */
export function literalValue(context: MongoContext, value: Json, span: Span): MongoValue {
  return constant(checked(context, value, span));
}

/** `db.getCollection("users")`. UNSUPPORTED for a name that a server keeps for itself or would refuse. */
export function collectionText(context: MongoContext, route: string, span: Span): string {
  return `db.getCollection(${JSON.stringify(collectionName(context, route, span))})`;
}

export function collectionName(context: MongoContext, route: string, span: Span): string {
  if (/^system\.|\$|\0/.test(route))
    context.refuse(`the collection ${route}`, 'it keeps that name for itself', span);
  // 255 bytes with the name of the database and a dot.
  if (route.length > 253) context.refuse('this route', 'names of collections have at most 253 bytes', span);
  return route;
}
