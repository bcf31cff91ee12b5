/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Finding as Found } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import { findingData } from "@countersign/lifecycle";
import type { IntentData } from "@countersign/trail";
import type { LinesAround } from "@countersign/trail/report";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { HeldEmail } from "../deciding/held_email.ts";
import { Finding } from "../looks/finding.tsx";
import { Moment } from "../looks/moment.tsx";
import { Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";

type FindingData = IntentData["findings"][number];

/** What the rules found, with the policy's lines that each comes from. */
export function Findings({
  held,
  lines,
}: {
  readonly held: HeldEmail;
  /** By the hash of the policies and the place: `<hash> teams/sales.yaml:7:3`. */
  readonly lines: ReadonlyMap<string, LinesAround>;
}): JSX.Element {
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

/** What is required of approvers, and who has approved. */
export function Progress({ held: { tally } }: { readonly held: HeldEmail }): JSX.Element {
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
