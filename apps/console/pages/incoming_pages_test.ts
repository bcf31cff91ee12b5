import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { incomingReceipt } from "@countersign/lifecycle";
import { decideIncoming } from "../deciding/decide_incoming.ts";
import { HOSTILE_BODY, HOSTILE_SUBJECT, QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";
import { type Answer, type Browsing, signInTo } from "../testing/start_test_console.ts";

const TWO = {
  ...QUEUE_TEAMS,
  "sales.yaml": (QUEUE_TEAMS["sales.yaml"] ?? "")
    .replace("oversight: gated_send", "oversight: gated_all")
    .replace(
      "approvers: [seller@acme.example]",
      "approval: { by: [seller@acme.example, boss@acme.example], needed: 2 }",
    ),
};

async function start(t: TestContext) {
  const stack = await startDeciding(t, TWO, { demo: true });
  const running = await stack.openConsole();
  const client = stack.deciding.oversight.clientFor({ mailbox: { apiKeyEnv: "MULTIMAIL_API_KEY" } } as never);
  assert.ok(client !== undefined);
  return {
    stack,
    running,
    signIn: (name: string) => signInTo(running, `${name}@acme.example`),
    receive: async (team: string, subject: string, markdown = "Please pay this.") => {
      const email = { mailbox_id: `mbx-${team}`, from: "Ann <ann@client.example>", subject, markdown };
      return ((await stack.control("POST", "/sandbox/inbound", email)) as { id: string }).id;
    },
    statusOf: async (team: string, id: string) => {
      const { emails } = await client.listEmails(`mbx-${team}`, { direction: "inbound", limit: 100 });
      return emails.find((email) => email.id === id)?.status;
    },
    recordsOf: async (id: string) =>
      (await stack.recordsOf(incomingReceipt(id))).map(({ record }) =>
        record.kind === "approval"
          ? `approval ${record.data.decision}`
          : `${record.kind} ${record.data.event}`,
      ),
  };
}

/** Sends the form with this button as the page has it, and follows to what comes of it. */
async function decide(
  browsing: Browsing,
  { path, verdict, more = {} }: { path: string; verdict: string; more?: Record<string, string> },
): Promise<Answer> {
  const { text } = await browsing.get(path);
  const form = text.split("<form").find((one) => one.includes(`value="${verdict}"`)) ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const { form_token: _, ...fields } = Object.fromEntries(hidden.map(([, name, value]) => [name, value]));
  const sent = await browsing.post(path, { ...fields, verdict, ...more } as Record<string, string>);
  return sent.status === 303 ? browsing.get(sent.headers.get("location") ?? "") : sent;
}

test("received email is shown to approvers of teams that see all email first, inert, and not marked as read", async (t) => {
  const { signIn, receive, statusOf } = await start(t);
  const id = await receive("finance", HOSTILE_SUBJECT.replace("\u202E", ""), HOSTILE_BODY);
  const [lead, seller] = [await signIn("lead"), await signIn("seller")];
  const list = await lead.get("/incoming");
  assert.match(
    list.text,
    /1 received email waits[\s\S]*&lt;script&gt;[\s\S]*ann@client\.example[\s\S]*outside/,
  );
  const path = `/incoming/finance/${id}`;
  const { text } = await lead.get(path);
  assert.match(text, /\n {2}kept {3}whitespace\n/);
  assert.doesNotMatch(list.text + text, /<script>|<img|<style>|<b>/);
  assert.match((await seller.get("/incoming")).text, /Nothing that came in waits/);
  for (const other of [
    path,
    "/incoming/finance/none",
    "/incoming/none/x",
    `/incoming/finance/${"x".repeat(65)}`,
  ])
    assert.equal((await seller.get(other)).status, 404, other);
  assert.equal((await seller.post(path, { verdict: "approve" })).status, 404);
  assert.equal((await lead.post(path, { verdict: "approve", form_token: "forged" })).status, 403);
  assert.equal((await lead.post(path, { verdict: "release" })).status, 400);
  assert.match((await lead.post(path, { verdict: "read" })).text, /no files/);
  assert.equal(await statusOf("finance", id), "pending_inbound_approval");
});

test("releasing received email is durable before and after MultiMail is told; rejecting wants a reason", async (t) => {
  const { signIn, receive, statusOf, recordsOf } = await start(t);
  const [good, bad] = [await receive("finance", "Good"), await receive("finance", "Bad")];
  const lead = await signIn("lead");
  const more = { content: "0".repeat(64) };
  const wrong = await decide(lead, { path: `/incoming/finance/${good}`, verdict: "approve", more });
  assert.match(wrong.text, /not what you were shown/);
  assert.deepEqual(await recordsOf(good), []);
  const released = await decide(lead, { path: `/incoming/finance/${good}`, verdict: "approve" });
  assert.match(released.text, /Released: the team&#39;s assistants may see it/);
  assert.equal(await statusOf("finance", good), "unread");
  assert.deepEqual(await recordsOf(good), ["approval approve", "lifecycle approved"]);
  const path = `/incoming/finance/${bad}`;
  assert.match((await decide(lead, { path, verdict: "reject" })).text, /Say why: the policy wants a reason/);
  const rejected = await decide(lead, { path, verdict: "reject", more: { reason: "Forged" } });
  assert.match(rejected.text, /Rejected: no assistant will see it/);
  assert.equal(await statusOf("finance", bad), "rejected");
  assert.match((await lead.get(path)).text, /It does not wait any more/);
});

test("two must release what a policy wants two for, and one of two consoles decides in the same moment", async (t) => {
  const { stack, signIn, receive, statusOf, recordsOf } = await start(t);
  const id = await receive("sales", "Enquiry");
  const path = `/incoming/sales/${id}`;
  const [seller, boss] = [await signIn("seller"), await signIn("boss")];
  assert.match(
    (await decide(seller, { path, verdict: "approve" })).text,
    /No assistant sees it yet[\s\S]*You have released it/,
  );
  assert.equal(await statusOf("sales", id), "pending_inbound_approval");
  assert.match((await decide(boss, { path, verdict: "approve" })).text, /Released/);
  assert.deepEqual(await recordsOf(id), ["approval approve", "approval approve", "lifecycle approved"]);
  const raced = await receive("finance", "Raced");
  const worlds = [stack.deciding.world, (await stack.openAnother()).world];
  const results = await Promise.all(
    worlds.map((world, index) => {
      const address = index === 0 ? "lead@acme.example" : "deputy@acme.example";
      const person = { issuer: "https://id.acme.example", subject: address, address, auth: "oidc" } as const;
      const digests = { content: "", judgement: "" };
      return decideIncoming(
        { team: "finance", emailId: raced, verdict: "reject", person, ...digests, reason: "No" },
        world,
      );
    }),
  );
  assert.deepEqual(results.filter(({ kind }) => kind === "decided").length, 1);
  assert.deepEqual(await recordsOf(raced), ["approval reject", "lifecycle rejected"]);
});

test("what a console decided on received email before it died is carried out, before and after MultiMail did it", async (t) => {
  const { stack, receive, statusOf, recordsOf } = await start(t);
  const person = {
    issuer: "https://id.acme.example",
    subject: "u1",
    address: "lead@acme.example",
    auth: "oidc",
  } as const;
  for (const point of ["after_approval", "after_decide"] as const) {
    const id = await receive("finance", point);
    const failPoint = (at: string) => {
      if (at === point) throw new Error("killed");
    };
    const request = {
      team: "finance",
      emailId: id,
      verdict: "reject",
      person,
      content: "",
      judgement: "",
      reason: "No",
    } as const;
    await assert.rejects(decideIncoming(request, { ...stack.deciding.world, failPoint }), /killed/);
    assert.deepEqual(await recordsOf(id), ["approval reject"]);
    await stack.deciding.incomingFinisher.pass();
    assert.deepEqual(await recordsOf(id), ["approval reject"], "whoever decided may still be at it");
    stack.advance(31_000);
    await stack.deciding.incomingFinisher.pass();
    assert.deepEqual(await recordsOf(id), ["approval reject", "lifecycle rejected"]);
    assert.equal(await statusOf("finance", id), "rejected");
  }
});
