import type { Plan } from '@drops/ir';
import { fidelityLog } from './fidelity.js';
import { mongoContext } from './mongo/context.js';
import { writePlan } from './mongo/write-plan.js';
import type { Translation } from './translation.js';

/**
 * A plan as a script for mongosh (MongoDB 6) over documents as an export makes them. Parameters without a value
 * stay variables of the script, `$name`.
 */
export function translateMongo(plan: Plan): Translation {
  const fidelity = fidelityLog();
  const context = mongoContext(fidelity);
  const output = writePlan(context, plan)
    .map((statement) => `${statement};`)
    .join('\n');
  const parameters = [...context.parameters];
  return {
    target: 'mongo',
    output,
    fidelity: fidelity.result(),
    ...(parameters.length > 0 && { parameters }),
  };
}
