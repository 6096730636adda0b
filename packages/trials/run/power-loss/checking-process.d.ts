export {};
//# sourceMappingURL=checking-process.d.ts.map