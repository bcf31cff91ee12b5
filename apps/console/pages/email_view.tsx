/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { LinesAround } from "@countersign/trail/report";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Beside } from "../beside/gather_beside.ts";
import { type HeldEmail, mayDecideOn } from "../deciding/held_email.ts";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Notice, Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { DecidedNotice } from "./decided_notice.tsx";
import { Before, Overlapping, Revised } from "./email_beside.tsx";
import { Envelope } from "./email_envelope.tsx";
import { FileList } from "./email_file_list.tsx";
import { filesOf } from "./email_files.ts";
import { Findings, Progress } from "./email_findings.tsx";
import { DecisionForms } from "./email_forms.tsx";
import { History } from "./email_history.tsx";
import { EmailText, MarkedSubject } from "./email_text.tsx";
import { Elsewhere, type EmailPageProps } from "./past_view.tsx";

/** What the page of an email that waits is made of. */
export interface EmailViewProps extends EmailPageProps {
  readonly held: HeldEmail;
  /** The conversation, earlier email, what overlaps with it and what it replaces. */
  readonly beside: Beside;
  /** By the hash of the policies and the place: `<hash> teams/sales.yaml:7:3`. */
  readonly lines: ReadonlyMap<string, LinesAround>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An email that waits, and the forms by which it is decided. */
export function EmailView(props: EmailViewProps): JSX.Element {
  const { c, held, decided, elsewhere, beside, history, now } = props;
  const { waiting, policy, comparison, decision, values } = held;
  const { data, intent, receipt } = waiting;
  const subject = data.subject === null ? held.email.subject : (values.get(data.subject) ?? "(erased)");
  const last = held.decided;
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
        <>
          <a class="button" href="/queue">
            Back to the queue
          </a>
          {mayDecideOn(held, c.var.person.session).ok && (
            <a class="button narrow" href="#decide">
              Decide
            </a>
          )}
        </>
      }
    >
      {decided !== undefined && <DecidedNotice decided={decided} />}
      <Elsewhere results={elsewhere} />
      {comparison.differences.length > 0 && decided?.kind !== "differs" && (
        <Notice tone="bad" title="At MultiMail it is not what the assistant asked for: nobody can approve it">
          <p>
            Different: {comparison.differences.join(", ")}. What stands here is what the assistant asked for.
          </p>
        </Notice>
      )}
      {decision.effect === "deny" && decided?.kind !== "denied" && decided?.kind !== "differs" && (
        <Notice tone="bad" title="The policy does not allow it any more: nobody can approve it">
          <p>What denies it stands below, with its line.</p>
        </Notice>
      )}
      {last !== undefined && decided?.kind !== "decided" && <Kept due={last.data.due} />}
      <div class="columns two">
        <div class="stack">
          <Section id="email" title="The email">
            <Envelope held={held} />
            <MarkedSubject subject={subject} policy={policy} />
            <EmailText held={held} receipt={receipt} />
          </Section>
          <FileList files={filesOf(data, values)} receipt={receipt} />
          <Findings held={held} lines={props.lines} />
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
