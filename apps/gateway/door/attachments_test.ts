import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { DustClient } from "../testing/dust_client.ts";
import { SALES_MAILBOX, salesTeams } from "../testing/sales_teams.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

type Ask = (stack: Stack, subject: string, attachments: readonly unknown[]) => Promise<string>;

const EMAIL = { to: ["bob@acme.example"], body: "It is attached." };

/** Sends an email with files through each way that there is; gives the answer as text. */
const DOORS: Readonly<Record<string, Ask>> = {
  REST: async (stack, subject, attachments) => {
    const body = { ...EMAIL, subject, attachments };
    return JSON.stringify((await stack.call("POST", "/v1/send", { as: "sales/bot", body })).body);
  },
  "MultiMail's own route": async (stack, subject, attachments) => {
    const { to, body: markdown } = EMAIL;
    const path = `/v1/mailboxes/${SALES_MAILBOX}/send`;
    const body = { to, markdown, subject, attachments };
    return JSON.stringify((await stack.call("POST", path, { as: "sales/bot", body })).body);
  },
  MCP: async (stack, subject, attachments) => {
    const dust = new DustClient(stack.gateway.url, stack.keyOf("sales/bot"));
    return (await dust.call("send_email", { ...EMAIL, subject, attachments })).text;
  },
};

const POLICY = { attachments: { allow: ["text/csv", "application/zip"] } };

test("Every door sends files with exactly the label that was judged", async (t) => {
  const stack = await startStack(t, salesTeams(POLICY));
  for (const [door, ask] of Object.entries(DOORS)) {
    await t.test(door, async () => {
      const content_type = 'Text/CSV; name="report.bat"; charset=UTF-8';
      await ask(stack, door, [{ name: "a.csv", content_type, content_base64: "YSxi" }]);
      const sent = await until(async () => (await stack.outbox()).find(({ subject }) => subject === door));
      const [file] = (sent as unknown as { attachments: readonly Record<string, unknown>[] }).attachments;
      assert.deepEqual([file?.name, file?.content_type], ["a.csv", "text/csv; charset=utf-8"]);
    });
  }
});

test("No door takes a file that is not what it is called", async (t) => {
  const stack = await startStack(t, salesTeams(POLICY));
  const file = { name: "a.csv", content_type: "text/csv", content_base64: "YSxi" };
  const files: Readonly<Record<string, object>> = {
    "an encoded word": { ...file, name: "=?utf-8?B?YS5leGU=?=" },
    "a folder": { ...file, name: ".." },
    "a direction": { ...file, name: "vsc.\u202ecsv" },
    "another extension": { ...file, name: "a.bat" },
    "an unknown character set": { ...file, content_type: "text/csv; charset=utf-7" },
    "a ZIP that cannot be listed": {
      name: "a.zip",
      content_type: "application/zip",
      content_base64: "UEsDBA==",
    },
  };
  for (const [door, ask] of Object.entries(DOORS)) {
    for (const [what, attachment] of Object.entries(files)) {
      await t.test(`${door}: ${what}`, async () => {
        assert.match(
          await ask(stack, what, [attachment]),
          /DENIED|"code":"(?:policy_denied|invalid_request)"/,
        );
      });
    }
  }
  assert.deepEqual(await stack.outbox(), []);
});
