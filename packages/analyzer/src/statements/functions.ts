import { type Call, type Schedule, type Trigger } from '@drops/ir';
import type { Every, Run, When } from '@drops/syntax';
import { lowerSingleRoute } from '../routes.js';
import { lowerNumber, lowerText, lowerValue } from '../values.js';
import { cronOf } from './cron.js';

/** `run fn/hello name: "Ocean" async`. */
export function lowerRun(node: Run): Call {
  return {
    kind: 'Call',
    route: lowerSingleRoute(node.route, 'run'),
    ...(node.body && { body: lowerValue(node.body) }),
    async: node.async,
    ...(node.maxRetries && { maxRetries: lowerNumber(node.maxRetries, 'retries', 'max_retries') }),
    span: node.span,
  };
}

/** `when R changes call "https://…" secret "…"`. */
export function lowerWhen(node: When): Trigger {
  return {
    kind: 'Trigger',
    route: lowerSingleRoute(node.route, 'when'),
    event: 'write',
    url: lowerText(node.url, 'url', 'the address'),
    ...(node.secret && { secret: lowerText(node.secret, 'text', 'the secret') }),
    span: node.span,
  };
}

/** `every day at 9am report: run fn/report`: every form becomes one five-field cron text. */
export function lowerEvery(node: Every): Schedule {
  return {
    kind: 'Schedule',
    name: node.name.text,
    cron: cronOf(node.recurrence),
    action: lowerRun(node.run),
    span: node.span,
  };
}
