import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import { toActions } from "./to_actions.ts";
import { TOOLS } from "./tools.ts";

test("inputSchema() is what Dust accepts: draft 7 in Ajv's strict mode, each property an object that says what it is", () => {
  for (const tool of TOOLS) {
    const schema = tool.inputSchema;
    new Ajv({ strict: true, strictRequired: true }).compile(schema);
    assert.equal(schema.type, "object");
    assert.equal(schema.additionalProperties, false);
    assert.doesNotMatch(JSON.stringify(schema), /\$(?:schema|ref|defs|id)/);
    assert.match(tool.name, /^[a-zA-Z0-9_.-]{1,40}$/);
    for (const [name, property] of Object.entries(schema.properties)) {
      assert.match(name, /^[a-z_]+$/);
      assert.equal(typeof property, "object");
      assert.ok((property.description ?? "").length > 10, `${tool.name}.${name}`);
    }
  }
});

test("inputSchema() and the parser agree on examples", () => {
  const good: Record<string, Record<string, unknown>> = {
    send_email: {
      to: ["a@x.example"],
      subject: "Hi",
      body: "Hello",
      cc: ["b@x.example"],
      bcc: [],
      attachments: [{ name: "a.txt", content_type: "text/plain", content_base64: "SGk=" }],
      send_at: "2026-12-31T09:00:00Z",
      idempotency_key: "again",
    },
    reply_email: { email_id: "01K", body: "Hello" },
    check_inbox: { limit: 100, since_id: "01K", unread_only: true, from: "a", subject: "b", cursor: "c" },
    read_email: { email_id: "01K", offset: 5 },
    get_thread: { thread_id: "01K" },
    email_status: { receipt: "rcp_1" },
    cancel_message: { receipt: "rcp_1" },
    send_report: {
      period: "2026-W47",
      metrics: { Signups: 4 },
      recipients: ["a@x.example"],
      subject: "S",
      note: "n",
    },
    email_policy: {},
  };
  for (const tool of TOOLS) {
    const check = new Ajv({ strict: true }).compile(tool.inputSchema);
    const args = good[tool.name] ?? {};
    const parses = (given: Record<string, unknown>) => {
      const asked = toActions(tool, given);
      return asked === "policy" || !("name" in asked) || asked.name !== "invalid";
    };
    assert.deepEqual([check(args), parses(args)], [true, true], tool.name);
    for (const bad of [
      { ...args, bogus: 1 },
      ...tool.inputSchema.required.map((name) => ({ ...args, [name]: undefined })),
      ...Object.keys(tool.inputSchema.properties).map((name) => ({ ...args, [name]: { wrong: "kind" } })),
    ]) {
      const given = JSON.parse(JSON.stringify(bad));
      assert.deepEqual([check(given), parses(given)], [false, false], `${tool.name}: ${JSON.stringify(bad)}`);
    }
  }
});
