import { didYouMean, fail, type Span } from '@drops/diagnostics';
import {
  describeValue,
  isArray,
  isObject,
  type CapabilityParameter,
  type CapabilitySignature,
  type Expression,
  type Invoke,
  type Json,
  type ParameterType,
} from '@drops/ir';
import type { Service } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerSingleRoute } from '../routes.js';
import { lowerKey, lowerValue } from '../values.js';

/**
 * A statement of a service as one node. Its arguments are checked against the declaration of the capability;
 * without a declaration (no catalog) they pass as they are.
 */
export function lowerService(node: Service, context: LowerContext): Invoke {
  const { service, verb, span } = node;
  const declared = context.catalog.capability(service, verb);
  const given = node.arguments.map((a) => ({ name: a.name, value: lowerValue(a.value), span: a.span }));
  if (declared)
    checkService(
      { hasRoute: node.route !== undefined, hasKey: node.key !== undefined, span },
      declared,
      given,
    );
  return {
    kind: 'Invoke',
    service,
    verb,
    ...(node.route && { target: lowerSingleRoute(node.route, service) }),
    ...(node.key && { key: lowerKey(node.key) }),
    arguments: ordered(given, declared).map(({ name, value }) => ({ name, value })),
    span,
  };
}

/** An argument, and where it is written. */
export interface Given {
  readonly name: string;
  readonly value: Expression;
  readonly span: Span;
}

/** Declared arguments in the order of the declaration, so that the order of writing leaves no trace. */
export function ordered(
  given: readonly Given[],
  declared: CapabilitySignature | undefined,
): readonly Given[] {
  if (!declared) return given;
  const place = (name: string): number => {
    const i = declared.parameters.findIndex((p) => p.name === name);
    return i === -1 ? declared.parameters.length : i;
  };
  return [...given].sort((a, b) => place(a.name) - place(b.name));
}

/** What a call has beside its arguments. */
interface Called {
  readonly hasRoute: boolean;
  readonly hasKey: boolean;
  readonly span: Span;
}

/** Checks a call against its declaration: ROUTE_REQUIRED, KEY_REQUIRED, SYNTAX_ERROR, TYPE_ERROR. */
export function checkService(
  { hasRoute, hasKey, span }: Called,
  declared: CapabilitySignature,
  given: readonly Given[],
): void {
  const title = `${declared.service} ${declared.verb}`;
  if (declared.target === 'required' && !hasRoute) fail('ROUTE_REQUIRED', `${title} needs a route`, { span });
  if (declared.key === 'required' && !hasKey) fail('KEY_REQUIRED', `${title} needs a key`, { span });
  const seen = new Set<string>();
  for (const argument of given) {
    if (seen.has(argument.name)) {
      fail('SYNTAX_ERROR', `'${argument.name}' is given twice`, { span: argument.span });
    }
    seen.add(argument.name);
    checkArgument(argument, declared, title);
  }
  const missing = declared.parameters.find((p) => p.required && !seen.has(p.name));
  if (missing) {
    fail('TYPE_ERROR', `${title} needs '${missing.name}': ${missing.summary}`, { span });
  }
}

function checkArgument(argument: Given, declared: CapabilitySignature, title: string): void {
  const parameter = declared.parameters.find((p) => p.name === argument.name);
  if (!parameter) {
    if (declared.extra) return;
    const names = declared.parameters.map((p) => p.name);
    fail('TYPE_ERROR', `${title} takes no '${argument.name}'`, {
      span: argument.span,
      hint:
        didYouMean(argument.name, names) ??
        (names.length > 0 ? `it takes ${names.join(', ')}` : 'it takes none'),
    });
  }
  if (argument.value.kind === 'Lit')
    checkParameterValue(parameter, argument.value.value, argument.value.span);
}

const typeTexts: { readonly [T in ParameterType]: string } = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
  any: 'any value',
  texts: 'a text or a list of texts',
};

function hasType(value: Json, type: ParameterType): boolean {
  switch (type) {
    case 'text':
    case 'number':
    case 'boolean':
      return typeof value === (type === 'text' ? 'string' : type);
    case 'list':
      return isArray(value);
    case 'object':
      return isObject(value);
    case 'texts':
      return (
        typeof value === 'string' ||
        (isArray(value) && value.length > 0 && value.every((v) => typeof v === 'string'))
      );
    case 'any':
      return true;
  }
}

/** TYPE_ERROR when a value does not fit its declaration: the type, the bounds, the closed set. */
export function checkParameterValue(parameter: CapabilityParameter, value: Json, span: Span): void {
  const { name, minimum, maximum, options } = parameter;
  if (!hasType(value, parameter.type)) {
    fail('TYPE_ERROR', `${name} is ${describeValue(value)}; ${typeTexts[parameter.type]} was expected`, {
      span,
    });
  }
  if (typeof value === 'number' && minimum !== undefined && value < minimum) {
    fail('TYPE_ERROR', `${name} is ${value}; at least ${minimum} was expected`, { span });
  }
  if (typeof value === 'number' && maximum !== undefined && value > maximum) {
    fail('TYPE_ERROR', `${name} is ${value}; at most ${maximum} was expected`, { span });
  }
  if (typeof value === 'string' && options && !options.includes(value)) {
    fail('TYPE_ERROR', `${name} is "${value}"; one of ${options.join(', ')} was expected`, {
      span,
      hint: didYouMean(value, options),
    });
  }
}
