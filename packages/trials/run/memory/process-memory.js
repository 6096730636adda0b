import { readFileSync } from 'node:fs';
/** The memory of a process; undefined where the system does not tell (it does on Linux). */
export function memoryOf(pid) {
    try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const bytes = (name) => {
            const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
            if (found === undefined)
                throw new Error(`no ${name}`);
            return Number(found) * 1024;
        };
        return { resident: bytes('VmRSS'), own: bytes('RssAnon') };
    }
    catch {
        return undefined;
    }
}
/** Watches the memory of a process; `stop` gives the peaks since. */
export function watchMemory(pid) {
    let peak = { resident: 0, own: 0 };
    const sample = () => {
        const now = memoryOf(pid);
        if (!now)
            return;
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
//# sourceMappingURL=process-memory.js.map