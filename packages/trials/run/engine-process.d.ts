export {};
//# sourceMappingURL=engine-process.d.ts.map