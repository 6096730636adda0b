import { checkKey, checkRoute, fail, type Span } from '@drops/diagnostics';
import type { Invoke, Json } from '@drops/ir';
import type { Catalog } from '../catalog.js';
import { checkService, ordered } from './services.js';

/** A call of a capability that came as data, not as a sentence. */
export interface Invocation {
  readonly service: string;
  readonly verb: string;
  /** A route, where the verb takes one. */
  readonly target?: string;
  readonly key?: string;
  readonly arguments: readonly (readonly [name: string, value: Json])[];
}

/** Data has no text to point into. */
const nowhere: Span = { start: 0, end: 0 };

/** A call as the node that its sentence gives, with the same checks: INVALID_ROUTE, INVALID_KEY, TYPE_ERROR. */
export function lowerInvocation(call: Invocation, catalog: Pick<Catalog, 'capability'>): Invoke {
  const { service, verb, target, key } = call;
  const routeFault = target === undefined ? undefined : checkRoute(target);
  if (routeFault) fail('INVALID_ROUTE', routeFault.message);
  const keyFault = key === undefined ? undefined : checkKey(key);
  if (keyFault) fail('INVALID_KEY', keyFault.message);
  // A field that is null is one that is left out, as JSON clients write it.
  const given = call.arguments
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ name, value: { kind: 'Lit', value, span: nowhere } as const, span: nowhere }));
  const declared = catalog.capability(service, verb);
  const about = { hasRoute: target !== undefined, hasKey: key !== undefined, span: nowhere };
  if (declared) checkService(about, declared, given);
  return {
    kind: 'Invoke',
    service,
    verb,
    ...(target !== undefined && { target }),
    ...(key !== undefined && { key }),
    arguments: ordered(given, declared).map(({ name, value }) => ({ name, value })),
    span: nowhere,
  };
}
