import { liveDifferences } from "@countersign/core/decision";
import type { World } from "../enforce/world.ts";

/** Whether the gateway may be given work, and what is in the way. */
export interface Readiness {
  readonly status: "ready" | "not_ready";
  /** Hash of the policies in force. */
  readonly policy: string;
  readonly problems: readonly { readonly what: string; readonly message: string }[];
}

/** A mailbox that was last seen longer ago is not verified. */
const MAX_AGE_MS = 5 * 60_000;

/** Checks that the trail answers and that every mailbox is, at MultiMail, what its policy declares. */
export async function readiness(world: World): Promise<Readiness> {
  const policies = world.policies();
  const problems: { what: string; message: string }[] = [];
  try {
    await world.trail.head();
  } catch {
    problems.push({ what: "trail", message: "The trail cannot be read" });
  }
  for (const policy of policies.teams.values()) {
    const live = world.live.peek(policy);
    const details =
      live === undefined
        ? ["MultiMail has not shown this mailbox yet"]
        : world.clock() - live.seenAt > MAX_AGE_MS
          ? ["MultiMail has not shown this mailbox for over 5 minutes"]
          : liveDifferences(policy, live).map(({ detail }) => detail);
    problems.push(...details.map((message) => ({ what: `mailbox of team ${policy.team}`, message })));
  }
  return { status: problems.length === 0 ? "ready" : "not_ready", policy: policies.hash, problems };
}
