import type { Identity } from '@drops/access';
import { checkParameterValue } from '@drops/analyzer';
import { capabilityOf, handlerOf, type Call } from '@drops/capabilities';
import { assertNever, fail } from '@drops/diagnostics';
import type { CapabilitySignature, Invoke, Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import type { Caller } from './caller.js';
import type { Pass } from './gate.js';
import type { Host } from './host.js';
import { notAvailable } from './not-available.js';

/** Whether a verb is for this caller: KEY_REQUIRED (401), or FORBIDDEN for a sub-key. */
function checkCaller({ service, verb, by }: CapabilitySignature, identity: Identity, node: Invoke): void {
  const [title, at] = [`${service} ${verb}`, { span: node.span }];
  switch (by) {
    case 'anyone':
      return;
    case 'key':
    case 'whole-key':
      if (identity.kind !== 'key')
        fail('KEY_REQUIRED', `${title} needs the key of its caller`, { ...at, status: 401 });
      if (by === 'whole-key' && identity.limits !== undefined)
        fail('FORBIDDEN', `${title} is for the key itself, not for its sub-keys`, at);
      return;
    default:
      return assertNever(by);
  }
}

/** The arguments as values of the declared types, with the defaults of those that are left out. */
function argumentsOf(node: Invoke, { parameters }: CapabilitySignature): Call['arguments'] {
  const values = new Map<string, Json>();
  for (const { name, default: usual } of parameters) if (usual !== undefined) values.set(name, usual);
  for (const { name, value } of node.arguments) {
    if (value.kind !== 'Lit') fail('TYPE_ERROR', `${name} is no value`, { span: value.span });
    // A value that came as a parameter is checked only now.
    const declared = parameters.find((parameter) => parameter.name === name);
    if (declared) checkParameterValue(declared, value.value, value.span);
    values.set(name, value.value);
  }
  return values;
}

/** Runs a bound call that passed the gate; NOT_AVAILABLE while its capability has no handler. */
export function performInvoke(
  host: Host,
  snapshot: Snapshot,
  node: Invoke,
  { address }: Caller,
  { identity }: Pass,
): Json | Promise<Json> {
  const declared = capabilityOf(node.service, node.verb);
  const run = handlerOf(node.service, node.verb);
  if (!declared || !run) return notAvailable(node, identity);
  checkCaller(declared, identity, node);
  const call: Call = {
    caller: identity,
    target: node.target,
    key: typeof node.key === 'string' ? node.key : undefined,
    arguments: argumentsOf(node, declared),
    snapshot,
    address,
  };
  return run(call, host.surroundings);
}
