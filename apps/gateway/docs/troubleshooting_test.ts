import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STATUS_OF_CODE } from "../enforce/code.ts";
import { MAILBOX_STATES } from "../operations/mailbox_state.ts";

const page = readFileSync(new URL("troubleshooting.md", import.meta.url), "utf8");
const readiness = readFileSync(new URL("../operations/readiness.ts", import.meta.url), "utf8");

test("every refusal, every state of a mailbox and every problem of /readyz is a symptom in the guide", () => {
  const firsts = [...page.matchAll(/^\| (.+?) \|/gm)].map(([, first]) => first).join("\n");
  const problems = [...readiness.matchAll(/what: "([^"]+)"/g)].map(([, what = ""]) => what);
  assert.ok(problems.length >= 4);
  for (const symptom of [...Object.keys(STATUS_OF_CODE), ...MAILBOX_STATES, ...problems])
    assert.ok(firsts.includes(`\`${symptom}\``), symptom);
});
