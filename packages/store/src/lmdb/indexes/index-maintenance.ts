import type { Environment } from '../environment.js';
import type { IndexBuilder } from './index-builder.js';

/** Builds and drops indexes beside the other writers. */
export interface IndexMaintenance {
  /** There may be new definitions, by the epoch of the head. The first step is done at once: small indexes are ready when their definition is acknowledged. */
  check(epoch: number): void;
  /** Goes on with what is half done, by whomever. */
  resume(): void;
  /** Answers when nothing is under way. */
  settled(): Promise<void>;
  stop(): void;
}

/** The index work of a process: one write transaction a turn of the event loop. */
export function createIndexMaintenance(environment: Environment, builder: IndexBuilder): IndexMaintenance {
  let epoch = -1;
  let scheduled: NodeJS.Immediate | undefined;
  let waiting: (() => void)[] = [];

  const rest = (): void => {
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  const run = (): void => {
    scheduled = undefined;
    try {
      if (builder.isPending()) {
        environment.write(() => {
          builder.step();
        });
      }
      if (!builder.isPending()) return rest();
    } catch {
      // What fails here, a full disk say, is tried again when it is resumed.
      return rest();
    }
    scheduled = setImmediate(run);
  };

  return {
    check(found) {
      if (found === epoch) return;
      epoch = found;
      if (!scheduled) run();
    },
    resume() {
      if (!scheduled) run();
    },
    settled() {
      if (!scheduled) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    stop() {
      if (scheduled) clearImmediate(scheduled);
      scheduled = undefined;
      rest();
    },
  };
}
