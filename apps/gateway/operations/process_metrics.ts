import { collectDefaultMetrics, Registry } from "prom-client";

let registry: Registry | undefined;

/** The process's own metrics: processor, memory, event loop lag, garbage collection. One process has them once. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
