import { readFileSync } from 'node:fs';

/** Memory of a process in bytes. */
export interface ProcessMemory {
  /** All that is resident, pages of files among it, which the system takes back when it needs them. */
  readonly resident: number;
  /** What is its own. */
  readonly own: number;
}

/** The memory of a process; undefined where the system does not tell (it does on Linux). */
export function memoryOf(pid: number): ProcessMemory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (name: string): number => {
      const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
      if (found === undefined) throw new Error(`no ${name}`);
      return Number(found) * 1024;
    };
    return { resident: bytes('VmRSS'), own: bytes('RssAnon') };
  } catch {
    return undefined;
  }
}

/** Watches the memory of a process; `stop` gives the peaks since. */
export function watchMemory(pid: number): { stop(): ProcessMemory } {
  let peak: ProcessMemory = { resident: 0, own: 0 };
  const sample = (): void => {
    const now = memoryOf(pid);
    if (!now) return;
    peak = { resident: Math.max(peak.resident, now.resident), own: Math.max(peak.own, now.own) };
  };
  sample();
  const timer = setInterval(sample, 20);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return peak;
    },
  };
}
