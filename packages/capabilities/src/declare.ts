import type { CapabilityEffect, CapabilityParameter, CapabilityRest, CapabilitySignature } from '@drops/ir';

/** A declaration with what most verbs share left out. */
export interface CapabilityDeclaration {
  readonly service: string;
  readonly verb: string;
  readonly summary: string;
  readonly target?: CapabilitySignature['target'];
  readonly key?: CapabilitySignature['key'];
  readonly parameters?: readonly CapabilityParameter[];
  readonly extra?: boolean;
  readonly effects?: readonly CapabilityEffect[];
  readonly rest: CapabilityRest;
}

/** Fills in what a declaration leaves out: no target, no key, no parameters, no effects on routes. */
export function declare(declaration: CapabilityDeclaration): CapabilitySignature {
  return { target: 'none', key: 'none', parameters: [], extra: false, effects: [], ...declaration };
}

type ParameterOptions = Partial<Omit<CapabilityParameter, 'name' | 'type' | 'summary'>>;

/** A parameter that may be left out. */
export function optional(
  name: string,
  type: CapabilityParameter['type'],
  summary: string,
  options: ParameterOptions = {},
): CapabilityParameter {
  return { name, type, summary, required: false, ...options };
}

/** A parameter that must be given. */
export function required(
  name: string,
  type: CapabilityParameter['type'],
  summary: string,
  options: ParameterOptions = {},
): CapabilityParameter {
  return { name, type, summary, required: true, ...options };
}
