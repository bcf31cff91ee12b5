import { benchEmail } from "./bench_teams.ts";
import type { Target } from "./load.ts";

/** Who asks, and what the answer says. */
export interface TargetOptions {
  readonly key: string;
  readonly says: string;
}

/** Emails by the REST door, or by what has the same route. */
export function restTarget(url: string, { key, says }: TargetOptions): Target {
  return {
    url,
    says,
    headers: { authorization: `Bearer ${key}` },
    body: (n) => JSON.stringify(benchEmail(n)),
  };
}
