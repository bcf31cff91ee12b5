/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { findSpans } from "@countersign/core/content";
import type { TeamPolicy } from "@countersign/core/policy";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { HeldEmail } from "../deciding/held_email.ts";
import { InertText, MarkedText, type TextMark, withLineFeeds } from "../looks/inert_text.tsx";
import { Notice } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { htmlIn, MAX_LOOK } from "./email_look.ts";

/** So much of a body is on the page, in UTF-16 units; the rest is a page of its own. */
const BODY = 20_000;

/** An email's subject again, with what was found in it marked; nothing when nothing was. */
export function MarkedSubject({
  subject,
  policy,
}: {
  readonly subject: string;
  readonly policy: TeamPolicy;
}): JSX.Element | null {
  const shown = plain(subject, 1_000);
  const marks = marksIn(shown, policy);
  if (marks.length === 0) return null;
  return (
    <p class="subject" dir="auto">
      <span class="quiet small">In the subject: </span>
      <MarkedText text={shown} marks={marks} />
    </p>
  );
}

/** An email's text: as it stands, with what was found in it marked, and as it will look. */
export function EmailText({
  held,
  receipt,
}: {
  readonly held: HeldEmail;
  readonly receipt: string;
}): JSX.Element {
  const { data } = held.waiting;
  const whole = data.body === null ? undefined : held.values.get(data.body);
  if (whole === undefined) return <Notice tone="warn" title="The text was erased" />;
  if (whole.trim() === "") return <p class="quiet">The text is empty.</p>;
  const isLong = whole.length > BODY;
  const text = withLineFeeds(isLong ? whole.slice(0, BODY).toWellFormed() : whole);
  const path = `/queue/${encodeURIComponent(receipt)}`;
  const html = htmlIn(whole);
  return (
    <>
      {html === "hiding" && (
        <Notice tone="warn" title="It holds HTML that can hide text from whoever gets it">
          <p>Read the text itself: what stands here is all of it.</p>
        </Notice>
      )}
      <InertText label="The email's text" text={text} marks={marksIn(text, held.policy)} />
      {isLong && (
        <Notice
          tone="warn"
          title={`Here are the first ${BODY.toLocaleString("en")} of ${whole.length.toLocaleString("en")} characters`}
        >
          <p>
            <a href={`${path}/body`} target="_blank" rel="noopener">
              Read the whole text
            </a>{" "}
            before you approve it: all of it would leave.
          </p>
        </Notice>
      )}
      <details>
        <summary>As it will look</summary>
        <iframe
          class="look"
          src={`${path}/look`}
          sandbox=""
          loading="lazy"
          title="The email as it will look"
        />
        <p class="quiet small">
          As programs for email draw it, without pictures from elsewhere
          {html !== "none" && ", and without its own styles, so that nothing hides"}. Where a link leads is
          told behind it.
          {whole.length > MAX_LOOK && ` Its first ${MAX_LOOK.toLocaleString("en")} characters.`}
        </p>
      </details>
    </>
  );
}

/** What the policy's detectors find in the text, whatever becomes of it. */
function marksIn(text: string, { content, approval }: TeamPolicy): readonly TextMark[] {
  const classes = approval.classes.flatMap(({ when }) => when.content ?? []);
  const detectors = new Map(
    [...content.block, ...content.flag, ...classes].map(({ value }) => [value.name, value]),
  );
  return findSpans(text, [...detectors.values()]).map(({ detector, start, end }) => ({
    ...{ start, end },
    label: `found: ${plain(detector.replaceAll("_", " "), 100)}`,
  }));
}
