export {};
//# sourceMappingURL=transfer.d.ts.map