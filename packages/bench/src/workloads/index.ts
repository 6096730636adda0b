import type { Workload } from '../workload.js';
import { bulkLoad } from './bulk-load.js';
import { compileFind, compileGroup } from './compile.js';
import { incrementAlone, incrementTogether, updateTogether } from './durable.js';
import { findPage } from './find-page.js';
import { httpFind, httpGet } from './http.js';
import { joinPage } from './join-page.js';
import { groupCold, groupWarm, joinCold, joinWarm, scanCold, scanWarm } from './over-all.js';
import { pointGet } from './point-get.js';
import { range } from './range.js';

/** In the order in which they run: what changes the users comes last. */
export const workloads: readonly Workload[] = [
  compileFind,
  compileGroup,
  pointGet,
  findPage,
  range,
  scanCold,
  scanWarm,
  groupCold,
  groupWarm,
  joinCold,
  joinWarm,
  joinPage,
  httpGet,
  httpFind,
  bulkLoad,
  incrementAlone,
  incrementTogether,
  updateTogether,
];
