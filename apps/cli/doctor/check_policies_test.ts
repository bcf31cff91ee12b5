import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkPolicies } from "./check_policies.ts";

const TEAM = `team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: monitored
assistants:
  - id: deal-desk
    keys: ["sha256:${"ab".repeat(32)}"]
    users: { sign_in: required, claims: [sales] }
recipients: { internal: [acme.example], external: deny }
`;

test("checkPolicies() says that nobody can sign in to an assistant that wants it, as long as no issuer is set", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "countersign-"));
  t.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "sales.yaml"), TEAM);
  const env = { TEAMS_DIR: dir, MULTIMAIL_API_KEY: "mm_test_1" };
  const warnings = async (more: Record<string, string>) =>
    (await checkPolicies({ ...env, ...more }))
      .filter(({ level }) => level !== "ok")
      .map(({ message }) => message);
  const [warning = "", ...others] = await warnings({});
  assert.match(warning, /^Nobody can sign in.*: sales\/deal-desk \(.*sales\.yaml:7:\d+\)$/);
  assert.deepEqual(others, []);
  assert.deepEqual(await warnings({ OAUTH_ISSUER: "https://id.acme.example" }), []);
});
