import assert from "node:assert/strict";
import { test } from "node:test";
import { MultiMailClient } from "@countersign/multimail";
import { OPS_MAILBOX, startOpsAccount } from "../testing/ops_account.ts";
import { openAccess } from "./access.ts";
import { planExitCode } from "./format_plan.ts";
import { makePlan, type Plan } from "./make_plan.ts";

const OK_KEY = /MultiMail takes the key/;

function worries({ findings }: Plan): readonly string[] {
  return findings
    .filter(({ level }) => level !== "ok")
    .map(({ what, level, message }) => `${level} ${what}: ${message}`);
}

test("makePlan() finds an account in step, with an admin key and without", async (t) => {
  for (const MULTIMAIL_ADMIN_KEY of [undefined, ""]) {
    const account = await startOpsAccount(t, {
      ...(MULTIMAIL_ADMIN_KEY === "" && { env: { MULTIMAIL_ADMIN_KEY } }),
    });
    const plan = await makePlan(account.policies, { ...account, webhook: false });
    assert.deepEqual([plan.differences, plan.errors, worries(plan)], [[], [], []]);
    assert.match(plan.findings[0]?.message ?? "", OK_KEY);
    assert.equal(planExitCode(plan), 0);
  }
});

test("makePlan() finds every setting that somebody changed at MultiMail", async (t) => {
  const account = await startOpsAccount(t);
  await account.change({
    mode: "autonomous",
    auto_cc: "a@evil.example",
    auto_bcc: "b@evil.example",
    allowlist: ["*@evil.example"],
  });
  const plan = await makePlan(account.policies, { ...account, webhook: false });
  assert.deepEqual(
    plan.differences.map(({ setting, effect }) => `${setting} ${effect}`),
    [
      "mailbox.auto_cc stricter",
      "mailbox.auto_bcc stricter",
      "oversight stricter",
      "recipients.skip_approval stricter",
      "recipients.skip_approval looser",
    ],
  );
  assert.equal(planExitCode(plan), 2);
});

test("makePlan() tells a mailbox that is not there from one that cannot be read", async (t) => {
  const account = await startOpsAccount(t, {
    mailboxes: [{ id: "01KOTHER", address: "ops@acme.multimail.dev", oversightMode: "gated_send" }],
  });
  const plan = await makePlan(account.policies, { ...account, webhook: false });
  const [difference] = plan.differences;
  assert.deepEqual(
    [difference?.setting, difference?.live, difference?.effect],
    ["mailbox.id", "01KOTHER", "by_hand"],
  );
  await account.sandbox.close();
  const unreachable = await makePlan(account.policies, { ...account, webhook: true });
  assert.deepEqual(unreachable.differences, []);
  assert.match(unreachable.errors[1]?.message ?? "", /^Cannot .* MultiMail/);
  assert.equal(planExitCode(unreachable), 1);
});

test("makePlan() does not take a mailbox of another account for a missing one", async (t) => {
  const account = await startOpsAccount(t);
  const other = await startOpsAccount(t);
  const client = new MultiMailClient({ baseUrl: other.sandbox.url, apiKey: other.sandbox.adminKey });
  t.after(() => client.close());
  const admin = { variable: "MULTIMAIL_ADMIN_KEY", key: other.sandbox.adminKey, client };
  const { differences, errors } = await makePlan(account.policies, {
    ...account,
    access: { ...account.access, admin },
    webhook: false,
  });
  assert.deepEqual(differences, []);
  assert.match(errors[0]?.message ?? "", /belongs to another account/);
});

test("makePlan() warns of keys that serve and may do more than send, with an admin key and without", async (t) => {
  const adminKey = "mm_test_admin_of_the_account";
  // That a key lacks a scope only the list of keys tells, which an admin key may read.
  const cases: [serving: string, warning: RegExp, lacking: readonly string[]][] = [
    [adminKey, /scope admin|admin key/, []],
    ["mm_test_oversight_key", /scope oversight/, ["problem MULTIMAIL_API_KEY: The key lacks the scope send"]],
  ];
  for (const [MULTIMAIL_API_KEY, warning, lacking] of cases) {
    for (const MULTIMAIL_ADMIN_KEY of [adminKey, ""]) {
      const env = { MULTIMAIL_API_KEY, MULTIMAIL_ADMIN_KEY };
      const account = await startOpsAccount(t, { adminKey, oversightKey: "mm_test_oversight_key", env });
      const [worry = "", ...others] = worries(
        await makePlan(account.policies, { ...account, webhook: false }),
      );
      assert.match(worry, /^warning MULTIMAIL_API_KEY/);
      assert.match(worry, warning);
      assert.deepEqual(others, MULTIMAIL_ADMIN_KEY === "" ? [] : lacking);
    }
  }
});

test("makePlan() calls a key that MultiMail does not take, or that lacks a scope, a problem", async (t) => {
  const unknown = await startOpsAccount(t, { env: { MULTIMAIL_API_KEY: "mm_test_nobody_knows_it" } });
  assert.match(
    worries(await makePlan(unknown.policies, { ...unknown, webhook: false }))[0] ?? "",
    /^problem MULTIMAIL_API_KEY: Cannot read account: MultiMail answered 401/,
  );
  const account = await startOpsAccount(t, { apiKey: "mm_test_gateway_key" });
  const env = { ...account.env, MULTIMAIL_OVERSIGHT_KEY: "mm_test_gateway_key" };
  const access = openAccess(account.policies, {
    settings: { ...account.settings, multimailOversightKey: "mm_test_gateway_key" },
    env,
  });
  t.after(() => access.close());
  assert.deepEqual(worries(await makePlan(account.policies, { ...account, access, webhook: false })), [
    "problem MULTIMAIL_OVERSIGHT_KEY: The key for approvals lacks the scope oversight",
  ]);
});

test("makePlan() wants the whole account's events told to the gateway, and warns of others who are told", async (t) => {
  const account = await startOpsAccount(t, { webhookUrl: "https://elsewhere.example/hook?token=secret" });
  const plan = await makePlan(account.policies, { ...account, webhook: true });
  assert.deepEqual(
    plan.differences.map(({ setting, declared }) => [setting, declared]),
    [["webhook", "http://127.0.0.1:8787/webhooks/multimail (every event)"]],
  );
  assert.deepEqual(worries(plan), [
    "warning webhooks: Events of the account are posted to elsewhere.example as well",
  ]);
  const settings = { ...account.settings, publicUrl: "https://elsewhere.example" };
  const done = await startOpsAccount(t, { webhookUrl: "https://elsewhere.example/webhooks/multimail" });
  const { differences, findings } = await makePlan(done.policies, { ...done, settings, webhook: true });
  assert.deepEqual([differences, worries({ differences, findings, errors: [] })], [[], []]);
});

test("makePlan() warns of ways by which a mailbox's email reaches others", async (t) => {
  const account = await startOpsAccount(t);
  await account.access.admin?.client.updateMailbox(OPS_MAILBOX, {
    forwardInbound: true,
    webhookUrl: "https://evil.example/hook/secret",
    oversightWebhookUrl: "https://evil.example/decide",
  });
  const found = worries(await makePlan(account.policies, { ...account, webhook: false }));
  assert.deepEqual(
    found.map((line) => line.replace("warning mailbox of team ops: ", "")),
    [
      "What it receives is forwarded to somebody",
      "Its events are posted to evil.example",
      "What waits for approval is posted to evil.example",
    ],
  );
});
