/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, after `abandon`. */
export function untilToldToStop(abandon: () => void): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => {
          abandon();
          process.exit(1);
        });
      });
    }
  });
}
