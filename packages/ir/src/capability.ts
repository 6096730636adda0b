import type { Json } from './values/json.js';

/** The types a parameter of a capability can have; `texts` is one text or a list of texts. */
export type ParameterType = 'text' | 'number' | 'boolean' | 'list' | 'object' | 'any' | 'texts';

export interface CapabilityParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
  readonly summary: string;
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Closed set of texts. */
  readonly options?: readonly string[];
}

/**
 * What a capability does to routes. In a template `{target}` is the statement's route,
 * `{name}` the argument of that name; without arguments it is a plain route.
 */
export interface CapabilityEffect {
  readonly action: 'read' | 'write' | 'act';
  readonly route: string;
}

/** Where a parameter, the target or the key goes in the HTTP request. */
export type RestPlace = 'body' | 'query' | 'path';
export interface CapabilityRest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` is filled with the parameter, the target route or the key of that name. */
  readonly path: string;
  readonly target?: { readonly place: RestPlace; readonly name: string };
  readonly key?: { readonly place: RestPlace; readonly name: string };
  /** Where the parameters go that the path does not name. */
  readonly parameters: RestPlace;
}

/** Who may call a verb: anyone; whoever has a key; only the key itself, none of its sub-keys. */
export type CapabilityCaller = 'anyone' | 'key' | 'whole-key';

/** One verb of a service, declared once as plain data: sentence, HTTP, OpenAPI and rights all follow from it. */
export interface CapabilitySignature {
  readonly service: string;
  readonly verb: string;
  readonly summary: string;
  readonly by: CapabilityCaller;
  readonly target: 'none' | 'optional' | 'required';
  readonly key: 'none' | 'optional' | 'required';
  readonly parameters: readonly CapabilityParameter[];
  /** Arguments beyond the declared ones are data of the statement. */
  readonly extra: boolean;
  readonly effects: readonly CapabilityEffect[];
  readonly rest: CapabilityRest;
}
