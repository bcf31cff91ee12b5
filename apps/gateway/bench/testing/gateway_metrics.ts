/** `prom-client` looks at the event loop so often, in seconds, and counts that in. */
const LOOP_RESOLUTION_S = 0.01;

/** What a gateway says of itself at `/metrics`. */
export interface GatewayMetrics {
  /** Of the processor, since it started. */
  readonly cpuSeconds: number;
  /** Resident. */
  readonly megabytes: number;
  /** How long the event loop stood still since it was asked last, 99th percentile, in milliseconds. */
  readonly loopP99Ms: number;
  /** The longest that it did. */
  readonly loopMaxMs: number;
}

/** Asks a gateway. */
export async function gatewayMetrics(url: string): Promise<GatewayMetrics> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => {
    const [, digits] = new RegExp(`^${name} (\\S+)$`, "m").exec(text) ?? [];
    if (digits === undefined) throw new Error(`/metrics does not tell ${name}`);
    return Number(digits);
  };
  const stoodMs = (which: string) =>
    Math.max(0, 1000 * (value(`nodejs_eventloop_lag_${which}_seconds`) - LOOP_RESOLUTION_S));
  return {
    cpuSeconds: value("process_cpu_seconds_total"),
    megabytes: value("process_resident_memory_bytes") / 1e6,
    loopP99Ms: stoodMs("p99"),
    loopMaxMs: stoodMs("max"),
  };
}
