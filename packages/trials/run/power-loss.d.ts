export {};
//# sourceMappingURL=power-loss.d.ts.map