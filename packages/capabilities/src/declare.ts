import type { CapabilityEffect, CapabilityParameter, CapabilityRest, CapabilitySignature } from '@drops/ir';
import type { Handler } from './handler.js';

/** A declared verb and, once there is one, what runs it. */
export interface Capability extends CapabilitySignature {
  readonly run?: Handler;
}

/** A declaration with what most verbs share left out. */
export interface CapabilityDeclaration {
  readonly service: string;
  readonly verb: string;
  readonly summary: string;
  readonly by?: CapabilitySignature['by'];
  readonly target?: CapabilitySignature['target'];
  readonly key?: CapabilitySignature['key'];
  readonly parameters?: readonly CapabilityParameter[];
  readonly extra?: boolean;
  readonly effects?: readonly CapabilityEffect[];
  readonly rest: CapabilityRest;
  readonly run?: Handler;
}

/** Fills in what a declaration leaves out: for every key, no target, no key, no parameters, no effects on routes. */
export function declare(declaration: CapabilityDeclaration): Capability {
  return {
    by: 'key',
    target: 'none',
    key: 'none',
    parameters: [],
    extra: false,
    effects: [],
    ...declaration,
  };
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
