import { administrator, type Identity } from '@drops/access';
import { fail } from '@drops/diagnostics';
import { getProperty, isObject, type Json, type JsonObject } from '@drops/ir';
import type { ExecOptions } from './engine.js';

/** The request beside its text, with every default filled in. */
export interface Caller {
  readonly identity: Identity;
  readonly params: ReadonlyMap<string, Json>;
  /** The vector that came beside the statement. */
  readonly vector: Json | undefined;
  readonly signal: ExecOptions['signal'];
  /** The reply is sent on as text: what is stored as JSON need not be read. */
  readonly asText: boolean;
  /** Where the request came from. */
  readonly address: string | undefined;
  readonly policy: ScriptPolicy;
}

/** What a statement of a script sets for those after it. */
export interface ScriptPolicy {
  /** Off after `write public`: routes that are begun stay open. */
  autoProtect: boolean;
}

const noParams: Caller['params'] = new Map();

function valuesOf(params: JsonObject): Caller['params'] {
  const values = new Map<string, Json>();
  for (const name of Object.keys(params)) values.set(name, getProperty(params, name) ?? null);
  return values;
}

/** Options → caller. TYPE_ERROR when the parameters are no object. */
export function callerOf(options: ExecOptions, asText = false): Caller {
  const { params } = options;
  if (params !== undefined && !isObject(params))
    fail('TYPE_ERROR', 'params must be an object of values by name');
  return {
    identity: options.identity ?? administrator,
    params: params === undefined ? noParams : valuesOf(params),
    vector: options.vector,
    signal: options.signal,
    asText,
    address: options.address,
    policy: { autoProtect: true },
  };
}
