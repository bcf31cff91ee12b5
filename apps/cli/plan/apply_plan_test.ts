import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyTrail } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import type { Operator } from "../terminal/terminal_operator.ts";
import { OPS_MAILBOX, type OpsAccount, startOpsAccount } from "../testing/ops_account.ts";
import type { ChangeAnswer } from "./apply_change.ts";
import { applyPlan } from "./apply_plan.ts";
import { ChangeRecorder } from "./change_recorder.ts";
import { makePlan } from "./make_plan.ts";

/** A person who agrees or not, and types these codes; undefined: later. */
interface Person {
  readonly agrees?: boolean;
  readonly types?: readonly (() => string | undefined)[];
  readonly given?: readonly string[];
  readonly isAway?: boolean;
}

/** Plans and applies, and tells what became of each difference. */
async function apply(account: OpsAccount, person: Person = {}, webhook: boolean = false) {
  const types = [...(person.types ?? [])];
  const given = [...(person.given ?? [])];
  const asked: string[] = [];
  const said: string[] = [];
  const made: ChangeAnswer[] = [];
  const operator: Operator = {
    canAnswer: person.isAway !== true,
    confirm: async (question) => {
      asked.push(question);
      return person.agrees === true;
    },
    takeCode: () => given.shift(),
    askCode: async () => types.shift()?.(),
    say: (text) => void said.push(text),
  };
  const client = account.access.admin?.client;
  assert.ok(client !== undefined);
  const recorder = await ChangeRecorder.open(account.settings, account.policies);
  try {
    const { differences } = await makePlan(account.policies, { ...account, webhook });
    const onMade = (_: unknown, answer: ChangeAnswer) => void made.push(answer);
    const results = await applyPlan(differences, { client, recorder, operator, onMade });
    return {
      results: results.map(({ difference, result }) => `${difference.setting} ${result}`),
      asked,
      said: said.join("\n"),
      made,
    };
  } finally {
    await recorder.close();
  }
}

async function settingsLeft(account: OpsAccount): Promise<readonly string[]> {
  const { differences } = await makePlan(account.policies, { ...account, webhook: false });
  return differences.map(({ setting }) => setting);
}

/** Result and setting of every change on the trail, and the trail's own text. */
async function recorded(account: OpsAccount): Promise<{ results: readonly string[]; json: string }> {
  const trail = await openSqliteTrail(`${account.settings.dataDir}/trail.sqlite`, { readonly: true });
  const results: string[] = [];
  let json = "";
  for await (const { record, json: text } of trail.records({ kind: "drift" })) {
    results.push(`${record.data.setting} ${record.data.result}`);
    json += text;
  }
  assert.equal((await verifyTrail(trail)).ok, true);
  await trail.close();
  return { results, json };
}

test("applyPlan() makes stricter at once, without asking, on record and without addresses in clear", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "autonomous", auto_bcc: "spy@evil.example" });
  const { results, asked } = await apply(account);
  assert.deepEqual(results, ["mailbox.auto_bcc applied", "oversight applied"]);
  assert.deepEqual(asked, []);
  assert.deepEqual(await settingsLeft(account), []);
  const trail = await recorded(account);
  assert.deepEqual(trail.results, [
    "mailbox.auto_bcc applying",
    "mailbox.auto_bcc applied",
    "oversight applying",
    "oversight applied",
  ]);
  assert.doesNotMatch(trail.json, /spy@/);
  assert.match(
    trail.json,
    /"declared":"gated_send","live":"autonomous"|"declared":"gated_send".*"live":"autonomous"/,
  );
});

test("applyPlan() makes nothing looser unless the person agrees", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "read_only", allowlist: [] });
  const refused = await apply(account, { agrees: false });
  assert.deepEqual(refused.results, ["oversight declined", "recipients.skip_approval declined"]);
  assert.match(refused.asked[0] ?? "", /read_only at MultiMail, declared gated_send.*\nMake it so\?$/);
  assert.equal(account.lastCode(), "", "no code was asked for");
  const code = () => account.lastCode();
  const agreed = await apply(account, { agrees: true, types: [code, code] });
  assert.deepEqual(agreed.results, ["oversight applied", "recipients.skip_approval applied"]);
  assert.deepEqual(await settingsLeft(account), []);
});

test("applyPlan() goes on where it was left: it asks for no second code while the first may be good", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ allowlist: ["*@acme.example", "joe@evil.example", "*@evil.example"] });
  const first = await apply(account, { isAway: true });
  assert.deepEqual(first.results, [
    "recipients.skip_approval waits_for_code",
    "recipients.skip_approval waits_for_code",
  ]);
  assert.match(first.said, /again with --code/);
  const code = account.lastCode();
  const second = await apply(account, { isAway: true });
  assert.equal(account.lastCode(), code);
  assert.match(second.said, /MultiMail mailed a code at/);
  const third = await apply(account, { isAway: true, given: [code] });
  assert.deepEqual(third.results, [
    "recipients.skip_approval applied",
    "recipients.skip_approval waits_for_code",
  ]);
  assert.notEqual(account.lastCode(), code, "the next one was asked for");
  const fourth = await apply(account, { given: [account.lastCode()] });
  assert.deepEqual(fourth.results, ["recipients.skip_approval applied"]);
  assert.doesNotMatch((await recorded(account)).json, /joe@/);
});

test("applyPlan() lets a person mistype a code, and leaves it for later", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ allowlist: [] });
  const wrong = () => "XXX-XXX";
  const later = await apply(account, { agrees: true, types: [wrong, () => undefined] });
  assert.deepEqual(later.results, ["recipients.skip_approval waits_for_code"]);
  const tired = await apply(account, { agrees: true, types: [wrong, wrong, wrong, wrong] });
  assert.deepEqual(tired.results, ["recipients.skip_approval failed"]);
  const right = await apply(account, { agrees: true, types: [wrong, () => account.lastCode()] });
  assert.deepEqual(right.results, ["recipients.skip_approval applied"]);
  assert.equal((await recorded(account)).results.at(-1), "recipients.skip_approval applied");
});

test("applyPlan() tells what MultiMail refuses, and makes the rest", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "read_only", auto_cc: "spy@evil.example" });
  // Three requests an hour are MultiMail's limit.
  for (let i = 0; i < 3; i++) await account.access.admin?.client.requestUpgrade(OPS_MAILBOX, "gated_all");
  const { results, said } = await apply(account, { agrees: true });
  assert.deepEqual(results, ["mailbox.auto_cc applied", "oversight failed"]);
  assert.match(said, /Failed: .*\n.*limited to 3 an hour/);
});

test("applyPlan() creates a missing mailbox and the webhook, and hands out what was made once", async (t) => {
  const account = await startOpsAccount(t, { mailboxes: [], address: "ops@sandbox.multimail.dev" });
  const code = () => account.lastCode();
  const { results, made } = await apply(account, { agrees: true, types: [code, code] }, true);
  assert.deepEqual(results, ["mailbox applied", "webhook applied"]);
  assert.equal(made[0]?.mailbox?.address, "ops@sandbox.multimail.dev");
  assert.equal(made[1]?.webhook?.signingSecret, account.sandbox.webhookSecret);
  const [left] = (await makePlan(account.policies, { ...account, webhook: true })).differences;
  assert.deepEqual(
    [left?.setting, left?.live, left?.effect],
    ["mailbox.id", made[0]?.mailbox?.id, "by_hand"],
  );
  assert.doesNotMatch((await recorded(account)).json, /whsec_/);
});

test("applyPlan() changes nothing when it cannot be put on record", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({ mode: "autonomous" });
  const recorder = await ChangeRecorder.open(account.settings, account.policies);
  const { differences } = await makePlan(account.policies, { ...account, webhook: false });
  await recorder.close();
  const client = account.access.admin?.client;
  assert.ok(client !== undefined);
  const operator: Operator = {
    canAnswer: false,
    confirm: async () => true,
    takeCode: () => undefined,
    askCode: async () => undefined,
    say: () => {},
  };
  await assert.rejects(applyPlan(differences, { client, recorder, operator, onMade: () => {} }), {
    name: "TrailUnavailableError",
  });
  assert.deepEqual(await settingsLeft(account), ["oversight"]);
});
