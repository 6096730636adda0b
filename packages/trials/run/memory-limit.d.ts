/** A group of processes whose memory, pages of files among it, has a bound. */
export interface MemoryLimit {
    /** A process that writes its id here belongs to it. */
    readonly processes: string;
    remove(): void;
}
/** Makes a group with a bound in bytes; undefined where this user or system cannot. */
export declare function limitMemory(bytes: number): MemoryLimit | undefined;
//# sourceMappingURL=memory-limit.d.ts.map