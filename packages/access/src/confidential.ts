import { withAncestors } from './zones.js';

/**
 * Routes of the internal zone whose records hold what was entrusted to their writer: stored keys, tokens of feeds, inputs of jobs, raw
 * messages of others with their headers (features: U-59). The zone is public, these records are shown to who wrote them.
 */
const confidential: ReadonlySet<string> = new Set([
  '_calendar/tokens',
  '_cron',
  '_dlq',
  '_hooks',
  '_mcp/servers',
  '_webhooks',
]);

/** True for a route whose records only their writer sees: one of those above, or one below. */
export function isConfidential(route: string): boolean {
  if (!route.startsWith('_')) return false;
  for (const path of withAncestors(route)) if (confidential.has(path)) return true;
  return false;
}
