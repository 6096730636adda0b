export {};
//# sourceMappingURL=crash.d.ts.map