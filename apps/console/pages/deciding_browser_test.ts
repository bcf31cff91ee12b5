import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { until } from "@countersign/lifecycle/testing/until";
import { intentEntry, isOf, lifecycleEntry, outcomeEntry } from "@countersign/trail";
import type { Browser, Page } from "playwright-core";
import { browserTest, openPage } from "../testing/open_browser.ts";
import { startChannel } from "../testing/start_channel.ts";
import { type DecidingStack, startDeciding } from "../testing/start_deciding.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const LATER = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);

const FINANCE = `team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approval:
  by: [lead@acme.example, deputy@acme.example]
  expires: 96h
  escalate: { after: 24h, to: [head@acme.example] }
  classes:
    - { when: { recipients: ["*@bank.example"] }, needed: 2, by: [cfo@acme.example, lead@acme.example] }
delegates: [{ from: lead@acme.example, to: standin@acme.example, until: ${LATER}, reason: parental leave }]
assistants:
  - { id: chaser, actions: [send, status], keys: ["KEY"] }
recipients: { internal: [acme.example], external: require_approval }
hours: { timezone: UTC, windows: [{ days: mon-sun, from: "00:00", to: "23:59" }] }
`;

const TEAMS: TeamTexts = { "finance.yaml": FINANCE };

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

async function start(t: TestContext, browser: Browser) {
  const stack = await startDeciding(t, TEAMS, { demo: true });
  const running = await stack.openConsole();
  const pages: Awaited<ReturnType<typeof openPage>>[] = [];
  /** Signs somebody in at a browser of their own. */
  const signIn = async (name: string, at: Pick<typeof running, "link"> = running): Promise<Page> => {
    const page = await openPage(browser);
    pages.push(page);
    await page.goto(await at.link(`${name}@acme.example`));
    return page;
  };
  const urlOf = (receipt: string) => `${running.url}/queue/${receipt}`;
  const complaints = () => pages.flatMap((page) => page.complaints);
  return { stack, running, signIn, urlOf, complaints };
}

/** The same email as another, which waits anew, as if somebody had asked an assistant for it. */
async function writtenFor(address: string, stack: DecidingStack): Promise<string> {
  const records = await stack.recordsOf(
    await stack.hold("finance/chaser", { ...EMAIL, subject: "For somebody" }),
  );
  const intent = records.find(isOf("intent"))?.record;
  const taken = records.find(isOf("outcome"))?.record;
  assert.ok(intent && taken?.data.email != null);
  const receipt = "rcp_written_for_somebody";
  const frame = { ...intent, receipt, at: Date.now() };
  const { person: _, ...data } = intent.data;
  const text = {
    recipients: [{ field: "to" as const, address: EMAIL.to, domain: "client.example" }],
    person: { issuer: "https://id.acme.example", subject: "u1", address },
    ...{
      subject: "For somebody",
      body: EMAIL.body,
      attachments: [],
      original_subject: null,
      caller_key: null,
    },
  };
  await stack.trail.append(intentEntry({ ...data, ...text, idempotency_key: receipt }, frame));
  const { email } = taken.data;
  const accepted = { result: "accepted", email, multimail_status: "pending_send_approval" } as const;
  await stack.trail.append(outcomeEntry(frame, frame.at, { ...accepted, code: null, message: null }));
  return receipt;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

browserTest(
  "who may decide does, and sees for whom; who may not sees why; the first of two wins, and the other sees it; two must, where two are needed",
  async (t, browser) => {
    const { stack, signIn, urlOf, complaints } = await start(t, browser);
    const [lead, deputy, standIn, cfo] = [
      await signIn("lead"),
      await signIn("deputy"),
      await signIn("standin"),
      await signIn("cfo"),
    ];

    const delegated = await stack.hold("finance/chaser", EMAIL);
    await standIn.goto(urlOf(delegated));
    await standIn.getByText("You stand in for lead@acme.example.").waitFor();
    await cfo.goto(urlOf(delegated));
    const why = cfo.getByRole("region", { name: "You cannot decide on it" });
    assert.match(await why.innerText(), /Only lead@acme\.example .*may decide/s);
    assert.equal(await cfo.getByRole("button", { name: /Approve|Reject|Ask for changes/ }).count(), 0);
    await press(standIn, "Approve");
    await standIn.getByText("Approved: MultiMail sends it").waitFor();
    await standIn.getByText("Approved in the console by standin@acme.example").waitFor();
    assert.equal((await stack.outbox()).length, 1);

    const contested = await stack.hold("finance/chaser", { ...EMAIL, subject: "Invoice 8" });
    await lead.goto(urlOf(contested));
    await deputy.goto(urlOf(contested));
    await lead.getByLabel("For the assistant, who reads it").fill("It is paid already");
    await press(lead, "Reject");
    await lead.getByText("Rejected: it will not leave").waitFor();
    await press(deputy, "Approve");
    await deputy.getByText("It does not wait any more").waitFor();
    const history = deputy.getByRole("region", { name: "What happened to it" });
    assert.match(
      await history.innerText(),
      /Rejected in the console by lead@acme\.example\s+“It is paid already”/,
    );
    assert.equal((await stack.outbox()).length, 1);
    // The reason reaches the assistant.
    assert.match(await stack.statusOf("finance/chaser", contested), /REJECTED[\s\S]*It is paid already/);

    // Nobody decides on what an assistant wrote for them.
    const own = await writtenFor("deputy@acme.example", stack);
    await deputy.goto(urlOf(own));
    const notOwn = deputy.getByRole("region", { name: "You cannot decide on it" });
    assert.match(await notOwn.innerText(), /An assistant wrote this email for you/);
    assert.equal(await deputy.getByRole("button", { name: /Approve|Reject|Ask for changes/ }).count(), 0);
    await lead.goto(urlOf(own));
    await lead.getByText("deputy@acme.example", { exact: true }).first().waitFor();
    assert.equal(await lead.getByRole("button", { name: "Approve", exact: true }).count(), 1);

    const wire = await stack.hold("finance/chaser", { ...EMAIL, to: "jane@bank.example" });
    await cfo.goto(urlOf(wire));
    await lead.goto(urlOf(wire));
    const progress = (page: Page) => page.getByRole("region", { name: "Who must approve it" }).innerText();
    assert.match(await progress(lead), /0 of 1[\s\S]*0 of 2/);
    await press(lead, "Approve");
    await lead.getByText("Your approval counts; more people must approve").waitFor();
    await lead.getByText("You have approved it; it waits for others.").waitFor();
    assert.match(await progress(lead), /1 of 1[\s\S]*1 of 2[\s\S]*lead@acme\.example/);
    assert.equal((await stack.outbox()).length, 1);
    await press(cfo, "Approve");
    await cfo.getByText("Approved: MultiMail sends it").waitFor();
    assert.equal((await stack.outbox()).length, 2);
    assert.deepEqual(complaints(), []);
  },
);

browserTest(
  "what is another email at MultiMail, or what a newer policy denies, nobody can approve, and the page says why, with the line",
  async (t, browser) => {
    const { stack, signIn, urlOf, complaints } = await start(t, browser);
    const lead = await signIn("lead");
    const changed = await stack.hold("finance/chaser", EMAIL);
    await lead.goto(urlOf(changed));
    const email = (await stack.recordsOf(changed)).flatMap(({ record }) =>
      record.kind === "outcome" && record.data.email !== null ? [record.data.email] : [],
    );
    await stack.control("POST", `/sandbox/emails/${email[0]}`, {
      markdown: "Please pay to another account.",
    });
    await press(lead, "Approve");
    await lead.getByText("Alarm: at MultiMail it is not what the assistant asked for").waitFor();
    await lead.goto(urlOf(changed));
    await lead
      .getByText("At MultiMail it is not what the assistant asked for: nobody can approve it")
      .waitFor();
    assert.equal(await lead.getByRole("button", { name: "Approve" }).count(), 0);
    assert.equal(await lead.getByRole("button", { name: "Reject" }).count(), 1);

    const denied = FINANCE.replace("KEY", `sha256:${"0".repeat(64)}`).replace("require_approval", "deny");
    stack.setTeams({ "finance.yaml": denied });
    const newer = await stack.openConsole();
    const page = await signIn("lead", newer);
    await page.goto(`${newer.url}/queue/${changed}`);
    await page.getByText("The policy does not allow it any more: nobody can approve it").waitFor();
    const findings = page.getByRole("region", { name: "Why a person is asked" });
    assert.match(
      await findings.innerText(),
      /deny\s+recipients\.external[\s\S]*teams\/finance\.yaml:\d+:\d+/,
    );
    assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
    assert.deepEqual(await stack.outbox(), []);
    assert.deepEqual(complaints(), []);
  },
);

browserTest(
  "in time: an approval outside the hours is kept and carried out when they open, others may decide after a while, and what expired says so",
  async (t, browser) => {
    const { stack, running, signIn, urlOf, complaints } = await start(t, browser);
    const kept = await stack.hold("finance/chaser", EMAIL);
    const escalated = await stack.hold("finance/chaser", { ...EMAIL, subject: "Invoice 8" });
    const early = await signIn("head");
    await early.goto(urlOf(escalated));
    assert.equal(await early.getByRole("button", { name: "Approve" }).count(), 0);

    const midnight = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
    stack.advance(midnight - 30_000 - Date.now());
    const lead = await signIn("lead");
    await lead.goto(urlOf(kept));
    await press(lead, "Approve");
    await lead.getByText("Approved, and kept until the team's hours open", { exact: true }).waitFor();
    await lead.goto(urlOf(kept));
    await lead.getByText("It is approved, and kept until the team's hours open").waitFor();
    const due = await lead.locator(".notice time").first().getAttribute("datetime");
    assert.equal(Date.parse(due ?? ""), midnight);
    assert.equal(await lead.getByRole("button", { name: "Reject" }).count(), 1);
    assert.deepEqual(await stack.outbox(), []);

    stack.advance(DAY_MS + 40_000);
    await until(async () => (await stack.outbox()).length === 1);
    const head = await signIn("head");
    await head.goto(urlOf(escalated));
    await press(head, "Approve");
    await head.getByText("Approved: MultiMail sends it").waitFor();
    await head.goto(urlOf(kept));
    await head.getByText("What was decided earlier is carried out").waitFor();

    const late = await stack.hold("finance/chaser", { ...EMAIL, subject: "Invoice 9" });
    const records = await stack.recordsOf(late);
    const intent = records.find(isOf("intent"))?.record;
    const [email] = records.flatMap(({ record }) =>
      record.kind === "outcome" && record.data.email !== null ? [record.data.email] : [],
    );
    assert.ok(intent && email !== undefined);
    // What the gateway's timer does.
    await stack.control("POST", `/sandbox/emails/${email}`, { status: "cancelled" });
    const frame = { ...intent, receipt: late };
    for (const event of ["expired", "cancelled"] as const)
      await stack.trail.append(
        lifecycleEntry(frame, Date.now(), {
          event,
          email,
          learnt_by: "answer",
          final: event === "cancelled",
        }),
      );
    await head.goto(urlOf(late));
    await head.getByText("Expired: nobody decided in time").waitFor();
    const now = head.getByRole("region", { name: "Where it stands" });
    assert.match(await now.innerText(), /expired[\s\S]*Nobody decided on it in time/);
    await head.goto(`${running.url}/queue`);
    assert.deepEqual(complaints(), []);
  },
);

browserTest(
  "people are told at once, then reminded, without anything of the email; a notice's link leads to sign-in and to a form, and decides nothing",
  async (t, browser) => {
    const channel = await startChannel(t);
    const stack = await startDeciding(
      t,
      {
        "_organisation.yaml": "notify: { channels: { leads: { kind: slack, url_env: NOTIFY_LEADS } } }\n",
        "finance.yaml": `${FINANCE.replace("  expires: 96h\n", "  expires: 96h\n  remind: 4h\n")}notify: leads\n`,
      },
      { demo: true },
    );
    const running = await stack.openConsole({ env: { NOTIFY_LEADS: channel.url } });
    await stack.hold("finance/chaser", EMAIL);
    // A notice counts from when it is on record as sent, which is a moment after it came.
    const posted = (count: number) =>
      until(async () => {
        let sent = 0;
        for await (const stored of stack.trail.records({ kind: "notice" }))
          if (isOf("notice")(stored) && stored.record.data.result === "sent") sent++;
        return sent === count && JSON.parse(channel.posted[count - 1]?.text ?? "");
      });
    // It may be the first of several.
    stack.advance(10_000);
    const first = await posted(1);
    assert.match(first.text, /^1 email of team finance waits for a decision\. Written by chaser \(1\)\./);
    stack.advance(4 * HOUR_MS);
    assert.match(
      (await posted(2)).text,
      /^1 email of team finance still waits for a decision\. .* for 4 hours\.$/,
    );
    stack.advance(20 * HOUR_MS);
    assert.match(
      (await posted(3)).text,
      /^Nobody has decided on 1 email of team finance: those to whom it escalates/,
    );
    for (const { text } of channel.posted) assert.doesNotMatch(text, /Invoice|jane|client\.example|pay/);

    const link = /<(http[^|]*)\|/.exec(JSON.stringify(first))?.[1] ?? "";
    const page = await openPage(browser);
    await page.goto(link);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(await running.link("head@acme.example"));
    await page.goto(link);
    await page.getByText("1 email waits").waitFor();
    assert.deepEqual(await stack.outbox(), [], "opening it decides nothing");
    await page.getByRole("link", { name: EMAIL.subject }).click();
    await press(page, "Approve");
    await page.getByText("Approved: MultiMail sends it").waitFor();
    assert.equal((await stack.outbox()).length, 1);
    assert.deepEqual(page.complaints, []);
  },
);
