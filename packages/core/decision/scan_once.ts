import type { Draft } from "../action/mod.ts";
import { type ContentHit, scan } from "../content/mod.ts";
import type { TeamPolicy } from "../policy/mod.ts";

const done = new WeakMap<Draft, { readonly policy: TeamPolicy; readonly hits: readonly ContentHit[] }>();

/** What the policy's detectors, `block` and `flag` together, find in a draft; two rules ask, one scan answers. */
export function scanOnce(policy: TeamPolicy, draft: Draft): readonly ContentHit[] {
  const known = done.get(draft);
  if (known?.policy === policy) return known.hits;
  const { block, flag } = policy.content;
  const hits = scan(
    draft,
    [...block, ...flag].map(({ value }) => value),
  );
  done.set(draft, { policy, hits });
  return hits;
}
