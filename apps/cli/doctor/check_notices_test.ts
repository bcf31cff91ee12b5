import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startSandbox } from "@countersign/sandbox";
import { checkNotices } from "./check_notices.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const ORGANISATION = `notify:
  channels:
    chat: { kind: slack, url_env: NOTIFY_CHAT }
    hook: { kind: webhook, url_env: NOTIFY_HOOK, secret_env: NOTIFY_HOOK_SECRET }
    mail: { kind: email, mailbox: { id: mbx-notices, address: notices@acme.multimail.dev } }
`;
const TEAM = `team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
notify: [chat, mail]
assistants: [{ id: deal-desk }]
recipients: { internal: [acme.example], external: deny }
`;

test("checkNotices() looks at each channel's variables, whether it answers, and whether its mailbox holds nothing back", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "countersign-"));
  t.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "sales.yaml"), TEAM);
  await writeFile(join(dir, "_organisation.yaml"), ORGANISATION);
  const methods: (string | undefined)[] = [];
  const chat = createServer(({ method }, response) => {
    methods.push(method);
    response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => chat.listen(0, "127.0.0.1", resolve));
  t.after(() => chat.close());
  const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/secret`;
  const sandbox = await startSandbox({
    mailboxes: [{ id: "mbx-notices", address: "notices@acme.multimail.dev", oversightMode: "monitored" }],
  });
  t.after(() => sandbox.close());
  const env = {
    ...{ TEAMS_DIR: dir, MULTIMAIL_API_URL: sandbox.url, MULTIMAIL_API_KEY: sandbox.apiKey },
    ...{ NOTIFY_CHAT: url, NOTIFY_HOOK: url, NOTIFY_HOOK_SECRET: SECRET },
    CONSOLE_URL: "https://console.acme.example",
  };
  const look = async (more: Readonly<Record<string, string>> = {}, allowLoopback = true) =>
    (await checkNotices({ ...env, ...more }, { allowLoopback })).map(
      ({ level, message }) => `${level}: ${message}`,
    );
  assert.deepEqual(await look(), [
    "ok: chat (slack) answers",
    "ok: hook (webhook) answers",
    "ok: mail (email) sends from notices@acme.multimail.dev, which is monitored",
  ]);
  assert.deepEqual(new Set(methods), new Set(["HEAD"]), "nothing is posted");
  await fetch(`${sandbox.url}/sandbox/mailboxes/mbx-notices`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ mode: "gated_send" }),
  });
  const wrong = { NOTIFY_CHAT: "https://127.0.0.1:1/secret", NOTIFY_HOOK_SECRET: "", NOTIFY_HOOKS: "x" };
  assert.deepEqual(await look({ ...wrong, CONSOLE_URL: "" }), [
    "problem: chat (slack) does not answer",
    "problem: Nobody is told by hook: NOTIFY_HOOK_SECRET is not set",
    'problem: The mailbox notices@acme.multimail.dev of mail is "gated_send" at MultiMail: it would hold the notices themselves',
    "warning: NOTIFY_HOOKS is read by nothing",
    "warning: Links in notices lead to http://127.0.0.1:8789, which is for this machine only",
  ]);
  const [chatOnly = "", , mail = ""] = await look({ MULTIMAIL_API_KEY: "" }, false);
  assert.match(chatOnly, /^problem: Nobody is told by chat: NOTIFY_CHAT must be an https address/);
  assert.match(mail, /^problem: Nobody is told by mail: MULTIMAIL_API_KEY is not set/);
});
