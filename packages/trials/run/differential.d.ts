export {};
//# sourceMappingURL=differential.d.ts.map