import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { salesTeams } from "../testing/sales_teams.ts";
import { startStack } from "../testing/start_stack.ts";

test("intentEntry() keeps of a denied email's files names, sizes and SHA-256 only", async (t) => {
  const stack = await startStack(t, salesTeams({ attachments: { allow: ["text/plain"], max_bytes: "1MB" } }));
  const content = Buffer.alloc(500_000, "all of it ");
  const attachments = [
    { name: "a.txt", content_type: "text/plain", content_base64: content.toString("base64") },
  ];
  const email = { subject: "Hi", body: "Hello", attachments };
  const send = (to: string) => stack.call("POST", "/v1/send", { as: "sales/bot", body: { ...email, to } });
  assert.equal((await send("spy@rival.example")).status, 403);
  assert.equal((await send("bob@acme.example")).status, 202);
  assert.equal((await send("bob@acme.example")).body.status, "duplicate_of");
  const trail = await openSqliteTrail(join(stack.dataDir, "trail.sqlite"), { readonly: true });
  t.after(() => trail.close());
  const kept: [effect: string, bytes: number | undefined, value: string | undefined][] = [];
  for (const { record } of await stack.records({ kind: "intent" })) {
    const { effect, attachments } = record.data;
    const [file] = attachments;
    const values = await trail.unseal([file?.content ?? ""]);
    kept.push([effect, file?.bytes, values.get(file?.content ?? "")]);
  }
  const digest = createHash("sha256").update(content).digest("base64");
  assert.deepEqual(kept, [
    ["deny", 500_000, digest],
    ["allow", 500_000, content.toString("base64")],
    ["deny", 500_000, digest],
  ]);
});
