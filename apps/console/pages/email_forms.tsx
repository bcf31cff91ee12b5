/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import type { SignedIn } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import { type HeldEmail, hasApproved, mayDecideOn } from "../deciding/held_email.ts";
import { Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { BoundTo, NotTheirs, StandsInFor, WhyApproved } from "./decision_parts.tsx";

/** What people say most; in the assistant's language, since it reads it. */
const PRESETS: readonly string[] = [
  "A fact is wrong",
  "The wrong person gets it",
  "The tone is not ours",
  "Something is missing",
  "A person answers this",
];

/** What the forms need. */
export interface DecisionFormsProps {
  readonly held: HeldEmail;
  readonly person: SignedIn;
  /** Everybody who must has decided. */
  readonly isKept: boolean;
}

/** The forms by which a person decides, bound to what is shown; or why there are none. */
export function DecisionForms({ held, person, isKept }: DecisionFormsProps): JSX.Element {
  const may = mayDecideOn(held, person.session);
  if (!may.ok) return <NotTheirs why={may.why} />;
  const whyNot = whyNoApproval(held, { person, isKept, may });
  const { reason } = held.policy.approval;
  const bound = <BoundTo person={person} digests={held.digests} />;
  return (
    <Section id="decide" title="Your decision">
      <StandsInFor person={may.insteadOf} />
      {whyNot === undefined ? (
        <form method="post" class="stack">
          {bound}
          <WhyApproved approval={held.policy.approval} />
          <button type="submit" class="primary wide" name="verdict" value="approve" data-key="a">
            Approve
          </button>
          {may.why !== undefined && <p class="quiet small">{plain(may.why, 1_000)}.</p>}
        </form>
      ) : (
        <p>{whyNot}</p>
      )}
      <form method="post" class="stack apart">
        {bound}
        <label>
          What is wrong with it
          <select name="preset">
            <option value="">choose, or write below</option>
            {PRESETS.map((preset) => (
              <option key={preset} value={preset}>
                {preset}
              </option>
            ))}
          </select>
        </label>
        <label>
          {reason === "never" ? "For the assistant (you need not)" : "For the assistant, who reads it"}
          <textarea name="reason" maxlength={MAX_REASON - 50} data-key="r" />
        </label>
        <div class="buttons">
          <button type="submit" name="verdict" value="changes">
            Ask for changes
          </button>
          <button type="submit" class="danger" name="verdict" value="reject">
            Reject
          </button>
        </div>
        <p class="quiet small">Both end this email. Who is asked for changes may write it anew.</p>
      </form>
    </Section>
  );
}

/** Why there is no button that approves; undefined: there is one. */
function whyNoApproval(
  held: HeldEmail,
  {
    person,
    isKept,
    may,
  }: Pick<DecisionFormsProps, "person" | "isKept"> & {
    readonly may: ReturnType<typeof mayDecideOn> & { ok: true };
  },
): string | undefined {
  if (isKept) return "It is approved already. Until it leaves, you can still reject it.";
  if (hasApproved(held, person.session))
    return "You have approved it; it waits for others. You can still reject it.";
  if (held.comparison.differences.length > 0)
    return "It cannot be approved: at MultiMail it is not what the assistant asked for.";
  if (held.decision.effect === "deny") return "It cannot be approved: the policy denies it now.";
  if (may.countsFor.length === 0)
    return `${plain(may.why ?? "Your approval would count for nothing", 1_000)}. You can reject it.`;
  return undefined;
}
