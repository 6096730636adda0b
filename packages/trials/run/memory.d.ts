export {};
//# sourceMappingURL=memory.d.ts.map