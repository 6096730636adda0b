/** A program of this package as plain Node runs it, made of the sources; `path` is relative to this folder. */
export declare function bundleProgram(path: string): Promise<string>;
//# sourceMappingURL=bundle.fixture.d.ts.map