import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { VERDICTS } from "../mcp/render/verdicts.ts";
import { TOOLS } from "../mcp/tools.ts";
import { salesTeams } from "../testing/sales_teams.ts";
import { startStack } from "../testing/start_stack.ts";

const text = await readFile(new URL("dust.md", import.meta.url), "utf8");

test("dust.md has a curl block that works as it is written", async (t) => {
  const stack = await startStack(t, salesTeams());
  const [headersCode = "", bodyCode = ""] = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
  const env = {
    secrets: { COUNTERSIGN_KEY: stack.keyOf("sales/bot") },
    state: { INPUT: { to: "ann@client.example", subject: "Hi", body: "Hello" } },
  };
  const response = await fetch(`${stack.gateway.url}/v1/send`, {
    method: "POST",
    headers: { ...runInNewContext(headersCode)(env) },
    body: runInNewContext(bodyCode)(env),
  });
  assert.equal(response.status, 202);
  assert.equal(((await response.json()) as { status: string }).status, "pending");
});

test("dust.md names every tool and every verdict", () => {
  for (const { name } of TOOLS) assert.ok(text.includes(`\`${name}\``), name);
  for (const { word } of Object.values(VERDICTS)) {
    if (word !== "OK") assert.ok(text.includes(`\`${word}\``), word);
  }
});
