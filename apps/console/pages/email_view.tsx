/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { parseAddress } from "@countersign/core/address";
import { findSpans, isTextType } from "@countersign/core/content";
import { type Finding as Found, isInternal } from "@countersign/core/decision";
import { formatWhere, type TeamPolicy } from "@countersign/core/policy";
import { findingData, type ReceiptState, signedApprovals } from "@countersign/lifecycle";
import type { IntentData, VerifierKey } from "@countersign/trail";
import type { LinesAround } from "@countersign/trail/report";
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Beside } from "../beside/gather_beside.ts";
import type { PageEnv } from "../console_world.ts";
import type { Decided } from "../deciding/decide_email.ts";
import type { HeldEmail, NotHeld } from "../deciding/held_email.ts";
import { AddressChip, type AddressMark } from "../looks/address_chip.tsx";
import { Finding } from "../looks/finding.tsx";
import { InertText, type TextMark, withLineFeeds } from "../looks/inert_text.tsx";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { DecidedNotice, NOT_HELD } from "./decided_notice.tsx";
import { Before, Overlapping, Revised } from "./email_beside.tsx";
import { type EmailFile, filesOf } from "./email_files.ts";
import { DecisionForms } from "./email_forms.tsx";
import { History, type HistoryEntry } from "./email_history.tsx";
import { htmlIn } from "./email_look.ts";
import type { ToldResult } from "./told_results.ts";

/** So much of a body is on the page, in UTF-16 units; the rest is a page of its own. */
const BODY = 20_000;

interface Common {
  readonly c: Context<PageEnv>;
  readonly receipt: string;
  /** What became of the decision that led here. */
  readonly decided: Decided | undefined;
  /** What became of others, on which the same form decided. */
  readonly elsewhere: readonly ToldResult[];
  readonly history: readonly HistoryEntry[];
}

/** What the page of an email that waits is made of. */
export interface EmailViewProps extends Common {
  readonly held: HeldEmail;
  /** The conversation, earlier email, what overlaps with it and what it replaces. */
  readonly beside: Beside;
  /** By the hash of the policies and the place: `<hash> teams/sales.yaml:7:3`. */
  readonly lines: ReadonlyMap<string, LinesAround>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Keys of consoles whose decisions count. */
  readonly keys: readonly VerifierKey[];
}

/** An email that waits, and the forms by which it is decided. */
export function EmailView(props: EmailViewProps): JSX.Element {
  const { c, held, decided, elsewhere, beside, history, now, keys } = props;
  const { waiting, policy, comparison, decision, values } = held;
  const { data, intent, receipt } = waiting;
  const subject = data.subject === null ? held.email.subject : (values.get(data.subject) ?? "(erased)");
  const last = signedApprovals(waiting.records, keys).findLast((record) => record.data.completes);
  return (
    <Page
      title={subject.trim() === "" ? "(empty subject)" : plain(subject, 300)}
      person={c.var.person}
      current="queue"
      lead={
        <>
          Written by {plain(intent.assistant ?? "")} of team {plain(policy.team)} · waits for{" "}
          {durationText(now - held.heldAt)}
          {held.expiresAt !== undefined && ` · ${leftText(held.expiresAt - now)}`}
        </>
      }
      actions={
        <a class="button" href="/queue">
          Back to the queue
        </a>
      }
    >
      {decided !== undefined && <DecidedNotice decided={decided} />}
      <Elsewhere results={elsewhere} />
      {comparison.differences.length > 0 && (
        <Notice tone="bad" title="At MultiMail it is not what the assistant asked for: nobody can approve it">
          <p>
            Different: {comparison.differences.join(", ")}. What stands here is what the assistant asked for.
          </p>
        </Notice>
      )}
      {decision.effect === "deny" && decided?.kind !== "denied" && (
        <Notice tone="bad" title="The policy does not allow it any more: nobody can approve it">
          <p>What denies it stands below, with its line.</p>
        </Notice>
      )}
      {last !== undefined && <Kept due={last.data.due} />}
      <div class="columns two">
        <div class="stack">
          <Section id="email" title="The email">
            <Envelope held={held} />
            <Body held={held} receipt={receipt} />
          </Section>
          <Files files={filesOf(data, values)} receipt={receipt} />
          <Findings {...props} />
          {beside.revised && <Revised held={held} revised={beside.revised} />}
          <Overlapping {...{ held, beside, now }} person={c.var.person} />
          <Before {...{ held, beside }} />
        </div>
        <div class="stack">
          <DecisionForms held={held} person={c.var.person} isKept={last !== undefined} />
          <Progress held={held} />
          <History entries={history} />
          <p class="quiet small">
            Receipt <code>{plain(receipt, 80)}</code>. What is decided here binds the console: whoever can use
            MultiMail's own dashboard can decide there too, which is detected and put on record.
          </p>
        </div>
      </div>
    </Page>
  );
}

/** What became of the others when one of several was kept. */
function Elsewhere({ results }: { readonly results: readonly ToldResult[] }) {
  return (
    <>
      {results.map(({ receipt, subject = receipt, decided }) => (
        <section key={receipt} aria-label={`What became of ${plain(subject, 200)}`}>
          <p>
            <a href={`/queue/${encodeURIComponent(receipt)}`}>“{plain(subject, 200)}”</a>
          </p>
          <DecidedNotice decided={decided} />
        </section>
      ))}
    </>
  );
}

function leftText(ms: number): string {
  return ms <= 0 ? "expires now" : `expires in ${durationText(ms)}`;
}

function Kept({ due }: { readonly due: string | null }) {
  if (due === null)
    return (
      <Notice tone="info" title="It is decided; MultiMail has not confirmed it yet">
        <p>The console sees to it, also after a restart.</p>
      </Notice>
    );
  return (
    <Notice tone="info" title="It is approved, and kept until the team's hours open">
      <p>
        It leaves at <Moment at={due} />. Until then it can be rejected.
      </p>
    </Notice>
  );
}

const FIELDS: readonly (readonly [field: string, label: string])[] = [
  ["to", "To"],
  ["participant", "Answers to"],
  ["cc", "Cc"],
  ["bcc", "Bcc"],
];

function Envelope({ held: { waiting, policy, values, counting } }: { readonly held: HeldEmail }) {
  const { data } = waiting;
  const first = new Set(
    data.findings.filter(({ rule }) => rule === "first_contact").flatMap(({ about }) => about),
  );
  const people = data.recipients.map(({ field, address, composed }, index) => {
    const text = values.get(address) ?? "(erased)";
    const parsed = parseAddress(text);
    const isInside = parsed.ok && isInternal(policy, parsed.address);
    const marks: readonly AddressMark[] = [
      isInside ? "inside" : "outside",
      ...(first.has(index) ? (["first"] as const) : []),
      ...(parsed.ok && parsed.address.lookAlike ? (["alike"] as const) : []),
    ];
    const ascii = parsed.ok && !text.includes(parsed.address.domain) ? parsed.address.domain : undefined;
    return { field, text, marks, isComposed: composed === true, ascii };
  });
  const { writtenFor } = counting;
  return (
    <dl class="facts">
      <dt>From</dt>
      <dd>
        <bdi>{plain(policy.mailbox.address, 254)}</bdi>
      </dd>
      {FIELDS.map(([field, label]) => {
        const named = people.filter((one) => one.field === field);
        if (named.length === 0) return null;
        return (
          <>
            <dt>{label}</dt>
            <dd>
              <ul class="people">
                {named.map(({ text, marks, isComposed, ascii }, index) => (
                  <li key={index}>
                    <AddressChip address={text} marks={marks} />
                    {ascii !== undefined && (
                      <span class="quiet small">
                        {" the domain is "}
                        <code>{plain(ascii, 254)}</code>
                      </span>
                    )}
                    {isComposed && <span class="quiet small"> added by the policy</span>}
                  </li>
                ))}
              </ul>
              {field === "bcc" && <p class="quiet small">From our record, not verifiable at MultiMail</p>}
            </dd>
          </>
        );
      })}
      {data.send_at !== null && (
        <>
          <dt>Leaves</dt>
          <dd>
            not before <Moment at={data.send_at} />
          </dd>
        </>
      )}
      <dt>Written for</dt>
      <dd>
        {writtenFor === undefined ? (
          <span class="quiet">nobody who signed in</span>
        ) : (
          <bdi>{plain(writtenFor.address ?? writtenFor.subject ?? "", 254)}</bdi>
        )}
      </dd>
    </dl>
  );
}

function Body({ held, receipt }: { readonly held: HeldEmail; readonly receipt: string }) {
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
          {html !== "none" && ", and without its styles"}.
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

function Files({ files, receipt }: { readonly files: readonly EmailFile[]; readonly receipt: string }) {
  if (files.length === 0) return null;
  return (
    <Section
      id="files"
      title={files.length === 1 ? "1 file goes with it" : `${files.length} files go with it`}
    >
      <ul class="people">
        {files.map((file, index) => (
          <li key={index}>
            <FileLine file={file} path={`/queue/${encodeURIComponent(receipt)}/files/${index + 1}`} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const VIEW_WORDS: Readonly<Record<EmailFile["view"], string>> = {
  text: "View as text",
  image: "View as image",
  none: "Download, to open with care",
};

function FileLine({ file, path }: { readonly file: EmailFile; readonly path: string }) {
  const { name, declared, actual, size, view, bytes } = file;
  const said = (declared.split(";")[0] ?? "").trim().toLowerCase();
  return (
    <>
      <bdi>{name === undefined ? "(erased)" : plain(name, 300)}</bdi>{" "}
      <span class="quiet small">{sizeText(size)}</span>
      <p class="small">
        {actual === undefined ? (
          <>
            Said to be <code>{plain(said)}</code>; its content shows no type
          </>
        ) : actual === "text/plain" && isTextType(said) ? (
          <>
            It is text, and says <code>{plain(said)}</code>
          </>
        ) : actual === said ? (
          <>
            It is <code>{plain(actual)}</code>, as it says
          </>
        ) : (
          <>
            It is <code>{plain(actual)}</code>, and says <code>{plain(said)}</code>
          </>
        )}
        {bytes !== undefined && (
          <>
            {" · "}
            <a href={path} target="_blank" rel="noopener">
              {VIEW_WORDS[view]}
            </a>
          </>
        )}
      </p>
    </>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

type FindingData = IntentData["findings"][number];

function Findings({ held, lines }: EmailViewProps) {
  const { decision, policies, waiting } = held;
  const now = decision.findings.map((finding) => dataOf(finding));
  const rules = new Set(now.map(({ rule }) => rule));
  // What is only known when it was asked: first contacts, other email.
  const then = waiting.data.findings.filter(({ rule }) => !rules.has(rule));
  // Several findings may come from one place: its lines are shown with the first.
  const shown = new Set<string>();
  const aroundOf = (place: string) => {
    const around = shown.has(place) ? undefined : lines.get(place);
    shown.add(place);
    return around;
  };
  const listed = (findings: readonly FindingData[], policy: string | null): Child =>
    findings.map((finding, index) => (
      <Finding key={index} {...finding} around={aroundOf(`${policy} ${finding.where}`)} />
    ));
  return (
    <Section id="findings" title="Why a person is asked">
      {now.length === 0 && then.length === 0 && (
        <p>No rule found anything: the team's mailbox holds every email for a person.</p>
      )}
      {listed(now, policies.hash)}
      {then.length > 0 && (
        <>
          <h3>Found when the assistant asked</h3>
          {listed(then, waiting.intent.policy)}
        </>
      )}
    </Section>
  );
}

function dataOf(finding: Found): FindingData {
  return findingData(finding);
}

function Progress({ held: { tally } }: { readonly held: HeldEmail }) {
  return (
    <Section id="progress" title="Who must approve it">
      <ul class="people">
        {tally.requirements.map(({ requirement, counted, missing }, index) => {
          const { class: name, needed, by, where } = requirement;
          return (
            <li key={index}>
              <p>
                <State tone={missing === 0 ? "ok" : "info"}>{`${counted.length} of ${needed}`}</State>{" "}
                {name === undefined
                  ? "for every email of the team"
                  : `since it fits the class “${plain(name)}”`}
              </p>
              {counted.map(({ decision, as }) => (
                <p key={decision.by.subject}>
                  <bdi>{plain(decision.by.address, 254)}</bdi>
                  {as !== decision.by.address && (
                    <>
                      {" for "}
                      <bdi>{plain(as, 254)}</bdi>
                    </>
                  )}{" "}
                  <span class="quiet small">
                    <Moment at={decision.at} />
                  </span>
                </p>
              ))}
              <p class="quiet small">
                Of {by.map(({ address }) => plain(address, 254)).join(", ") || "nobody"} (
                {plain(formatWhere(where), 300)})
              </p>
            </li>
          );
        })}
      </ul>
      {tally.uncounted.map(({ decision, why }, index) => (
        <p key={index} class="small">
          The approval of <bdi>{plain(decision.by.address, 254)}</bdi> counts for nothing: {plain(why, 400)}.
        </p>
      ))}
    </Section>
  );
}

/** What the page of an email that cannot be decided on now is made of. */
export interface PastViewProps extends Common {
  /** Absent: nothing is known of it. */
  readonly state: ReceiptState | undefined;
  readonly reason: NotHeld["reason"];
  /** Receipt of what waits longest. */
  readonly next: string | undefined;
}

/** An email that does not wait, or that cannot be read now, with what the trail knows of it. */
export function PastView({
  c,
  receipt,
  decided,
  elsewhere,
  state,
  reason,
  next,
  history,
}: PastViewProps): JSX.Element {
  const { title, more } = NOT_HELD[reason];
  const subject = state?.subject ?? "";
  return (
    <Page
      title={subject.trim() === "" ? plain(receipt, 80) : plain(subject, 300)}
      person={c.var.person}
      current="queue"
      lead={state && `Written by ${plain(state.assistant)} of team ${plain(state.team)}`}
      actions={
        <>
          {reason === "gone" && next !== undefined && (
            <a class="button primary" href={`/queue/${encodeURIComponent(next)}`}>
              Next that waits
            </a>
          )}
          <a class="button" href="/queue">
            Back to the queue
          </a>
        </>
      }
    >
      {decided !== undefined && <DecidedNotice decided={decided} />}
      <Elsewhere results={elsewhere} />
      {decided === undefined && (
        <Notice tone={reason === "gone" ? "info" : "warn"} title={title}>
          <p>{more}</p>
          {reason !== "gone" && (
            <p>
              <a href={`/queue/${encodeURIComponent(receipt)}`}>Try again</a>
            </p>
          )}
        </Notice>
      )}
      <div class="columns two">
        <History entries={history} />
        {state !== undefined && (
          <Section id="now" title="Where it stands">
            <dl class="facts">
              <dt>State</dt>
              <dd>{state.status.replaceAll("_", " ")}</dd>
              {state.approvedBy !== undefined && (
                <>
                  <dt>Approved by</dt>
                  <dd>
                    <bdi>{plain(state.approvedBy, 254)}</bdi>
                  </dd>
                </>
              )}
              {state.message !== undefined && (
                <>
                  <dt>Because</dt>
                  <dd dir="auto">{plain(state.message, 1_000)}</dd>
                </>
              )}
              <dt>To</dt>
              <dd>
                {state.recipients.map(({ address }, index) => (
                  <div key={index}>
                    <bdi>{plain(address, 254)}</bdi>
                  </div>
                ))}
              </dd>
            </dl>
          </Section>
        )}
      </div>
    </Page>
  );
}
