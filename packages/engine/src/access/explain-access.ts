import { decisions, type Decision } from '@drops/access';
import type { Effect, Explain, Json } from '@drops/ir';
import type { Snapshot } from '@drops/store';
import type { Pass } from '../gate.js';
import type { Host } from '../host.js';
import { createReads, decided } from './reads.js';
import { recordsOf } from './records.js';

const placeOf = ({ route, subtree }: Effect): string =>
  route === null ? '*' : subtree ? `${route}/*` : route;

function shown({ effect, verdict }: Decision): { [name: string]: Json } {
  const { action, direct, writes } = effect;
  return {
    action,
    route: placeOf(effect),
    ...(!direct && !writes && { left_out: true }),
    allowed: verdict.allowed,
    ...(!verdict.allowed && { code: verdict.code, status: verdict.status }),
    rule: verdict.rule,
  };
}

const line = ({ effect, verdict }: Decision): string =>
  `${verdict.allowed ? 'allowed' : 'refused'}  ${effect.action} ${placeOf(effect)}: ${verdict.rule}`;

/** `explain access …`: the rule that lets the statement do each of its deeds, or refuses it. Runs nothing. */
export async function explainAccess(
  host: Host,
  snapshot: Snapshot,
  { plan }: Explain,
  effects: readonly Effect[],
  { identity }: Pass,
): Promise<Json> {
  const records = recordsOf(createReads(snapshot), host.access, host.accessCache);
  const found = await decided(() => decisions(identity, effects, records));
  return {
    allowed: found.every(({ verdict }) => verdict.allowed),
    statement: plan.kind,
    access: found.map(shown),
    text: found.map(line).join('\n'),
  };
}
