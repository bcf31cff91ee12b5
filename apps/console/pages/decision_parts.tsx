/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Decider } from "@countersign/core/approval";
import type { TeamPolicy } from "@countersign/core/policy";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { SignedIn } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import type { Digests } from "../deciding/digests.ts";
import { Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";

/** What binds a form that decides to this session, and to what was shown. */
export function BoundTo({
  person,
  digests: { content, judgement },
}: {
  readonly person: SignedIn;
  readonly digests: Digests;
}): JSX.Element {
  return (
    <>
      <input type="hidden" name="form_token" value={person.formToken} />
      <input type="hidden" name="content" value={content} />
      <input type="hidden" name="judgement" value={judgement} />
    </>
  );
}

/** What stands where the forms would, for who may not decide. */
export function NotTheirs({ why }: { readonly why: string }): JSX.Element {
  return (
    <Section id="decide" title="You cannot decide on it">
      <p>{plain(why, 2_000)}.</p>
    </Section>
  );
}

/** For whom somebody decides, if not for themselves. */
export function StandsInFor({
  person,
}: {
  readonly person: Pick<Decider, "address"> | undefined;
}): JSX.Element | null {
  if (person === undefined) return null;
  return (
    <p>
      You stand in for <bdi>{plain(person.address, 254)}</bdi>.
    </p>
  );
}

/** Where an approval says why, where the policy wants it to. */
export function WhyApproved({ approval: { reason } }: Pick<TeamPolicy, "approval">): JSX.Element | null {
  if (reason !== "always") return null;
  return (
    <label>
      Why? The policy wants a reason
      <textarea name="reason" required maxlength={MAX_REASON} />
    </label>
  );
}
