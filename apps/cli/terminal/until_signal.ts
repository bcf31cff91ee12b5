/** Resolves on Ctrl-C or `SIGTERM`. A second Ctrl-C ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", (signal) => {
      process.once("SIGINT", () => process.exit(130));
      resolve(signal);
    });
  });
}
