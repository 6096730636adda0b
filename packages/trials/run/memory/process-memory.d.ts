/** Memory of a process in bytes. */
export interface ProcessMemory {
    /** All that is resident, pages of files among it, which the system takes back when it needs them. */
    readonly resident: number;
    /** What is its own. */
    readonly own: number;
}
/** The memory of a process; undefined where the system does not tell (it does on Linux). */
export declare function memoryOf(pid: number): ProcessMemory | undefined;
/** Watches the memory of a process; `stop` gives the peaks since. */
export declare function watchMemory(pid: number): {
    stop(): ProcessMemory;
};
//# sourceMappingURL=process-memory.d.ts.map