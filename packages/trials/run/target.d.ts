/** A process that holds the store open, and the way to it. */
export interface Target {
    /** Resolves to the status of a statement; rejects when the process ends before it has answered. */
    exec(text: string): Promise<number>;
    /** Resolves when statements are taken; rejects when the process ends before. */
    readonly ready: Promise<void>;
    /** SIGKILL, to its workers too; resolves when all are gone. */
    kill(): Promise<void>;
}
/** How a target is reached: `http` is the real server, `engine` an engine in a process of its own. */
export type Mode = 'http' | 'engine';
/** What the targets run. */
export interface Programs {
    /** The `drops` command. */
    readonly drops: string;
    /** `engine-process`, runnable. */
    readonly engine: string;
    /** Processes of the server; 0: one without workers. */
    readonly workers: number;
}
/** Starts a process on the store of a folder, in a group of limited memory where one is given. */
export declare function startTarget(mode: Mode, programs: Programs, data: string, group?: string): Target;
//# sourceMappingURL=target.d.ts.map