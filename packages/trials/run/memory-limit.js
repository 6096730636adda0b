import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
/** Where groups are kept, and what their bound is called: cgroup version 1, then 2. */
const kinds = [
    { root: '/sys/fs/cgroup/memory', bound: 'memory.limit_in_bytes' },
    { root: '/sys/fs/cgroup', bound: 'memory.max' },
];
/** Makes a group with a bound in bytes; undefined where this user or system cannot. */
export function limitMemory(bytes) {
    for (const { root, bound } of kinds) {
        const group = join(root, `drops-trial-${process.pid}`);
        try {
            if (!existsSync(join(root, 'cgroup.procs')))
                continue;
            mkdirSync(group);
        }
        catch {
            continue;
        }
        try {
            if (!existsSync(join(group, bound)))
                throw new Error('no such controller');
            writeFileSync(join(group, bound), String(bytes));
            return { processes: join(group, 'cgroup.procs'), remove: () => rmdirSync(group) };
        }
        catch {
            rmdirSync(group);
        }
    }
    return undefined;
}
//# sourceMappingURL=memory-limit.js.map