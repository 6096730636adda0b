import { capabilityEndpoints } from './capabilities.js';
import { drop } from './drop.js';
import type { Endpoint } from './endpoint.js';
import { entity } from './entity.js';
import { exec } from './exec.js';
import { exportRoute } from './export.js';
import { health } from './health.js';
import { metrics } from './metrics.js';
import { openapi } from './openapi.js';
import { query } from './query.js';
import { search } from './search.js';
import { sql } from './sql.js';

/** Every door of the server; methods that a path has not are 405. */
export const endpoints: readonly Endpoint[] = [
  exec,
  query,
  search,
  sql,
  drop,
  entity,
  exportRoute,
  health,
  metrics,
  ...capabilityEndpoints,
  openapi(() => endpoints),
];
