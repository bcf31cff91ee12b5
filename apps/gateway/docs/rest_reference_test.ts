import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { startStack } from "../testing/start_stack.ts";

const run = promisify(execFile);

test("every command of the reference of the doors is answered as it says", async (t) => {
  const stack = await startStack(t, TEAMS);
  const inbound = (await stack.control("POST", "/sandbox/inbound", {
    mailbox_id: "mbx-marketing",
    from: "jane@acme.example",
    subject: "Hi",
    markdown: "Hi",
    attachments: [{ name: "offer.pdf", content_type: "text/plain", content_base64: "SGk=" }],
  })) as { id: string; thread_id: string };
  const asked = await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: "jane@acme.example", subject: "Hello", body: "There" },
  });
  const env = {
    PATH: process.env.PATH,
    URL: stack.gateway.url,
    KEY: stack.keyOf("marketing/writer"),
    MAILBOX: "mbx-marketing",
    EMAIL: inbound.id,
    THREAD: inbound.thread_id,
    RECEIPT: asked.body.receipt,
  };
  const page = readFileSync(new URL("rest_reference.md", import.meta.url), "utf8");
  const commands = [...page.matchAll(/^ {4}(curl (?:.*\\\n)*.*)$/gm)].map(([, command = ""]) => command);
  assert.equal(commands.length, 21);
  for (const command of commands) {
    const { stdout } = await run("sh", ["-c", `${command} -w '\\n%{http_code}'`], { env });
    const status = Number(stdout.slice(stdout.lastIndexOf("\n")));
    // Of the email that came in nothing can be taken back.
    const wanted = command.includes("/cancel") ? [404, 409] : [200, 202];
    assert.ok(wanted.includes(status), `${command}\n${stdout}`);
  }
});
