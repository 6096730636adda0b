import type { PhysicalPlan } from './physical-plan.js';
import { everything, mapInputsByRead, readOfLookUps, type Names, type Read } from './read-fields.js';

const listOf = (names: Names): { readonly fields?: readonly string[] } =>
  names === 'all' ? {} : { fields: [...names] };

function visit(plan: PhysicalPlan, read: Read): PhysicalPlan {
  switch (plan.kind) {
    case 'Access':
      return { ...plan, ...listOf(read.own) };
    // Who reads by columns, entries or SQL knows what to read; what stands for it where that fails reads whole drops.
    case 'CountRows':
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
      return plan;
    case 'LookupJoin':
      return { ...mapInputsByRead(plan, read, visit), ...listOf(readOfLookUps(plan, read)) };
    default:
      return mapInputsByRead(plan, read, visit);
  }
}

/** Late decoding: tells each leaf which members of payloads are read by what is above it, where that is not all of them. */
export const chooseFields = (plan: PhysicalPlan): PhysicalPlan => visit(plan, everything);
