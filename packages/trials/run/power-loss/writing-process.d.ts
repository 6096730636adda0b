export {};
//# sourceMappingURL=writing-process.d.ts.map