import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { addAssistantKey } from "./add_assistant_key.ts";

const OLD = `sha256:${"0a".repeat(32)}`;
const NEW = `sha256:${"1b".repeat(32)}`;

test("addAssistantKey() inserts the hash and keeps everything else as it is", async (t) => {
  const layouts: Readonly<Record<string, readonly [before: string, after: string]>> = {
    "an empty list": [
      "  - id: w\n    keys: []      # none yet\n",
      `  - id: w\n    keys: ["${NEW}"]      # none yet\n`,
    ],
    "an empty list with a space": ["  - id: w\n    keys: [ ]\n", `  - id: w\n    keys: ["${NEW}" ]\n`],
    "a list in brackets": [
      `  - id: w\n    keys: ["${OLD}"] # old\n`,
      `  - id: w\n    keys: ["${OLD}", "${NEW}"] # old\n`,
    ],
    "a list in brackets over lines": [
      `  - id: w\n    keys: [\n      ${OLD}, # old\n    ]\n`,
      `  - id: w\n    keys: [\n      ${OLD}, "${NEW}", # old\n    ]\n`,
    ],
    "a list of lines": [
      `  - id: w\n    keys:\n      # in use\n      - "${OLD}"   # since May\n\n    actions: [send]\n`,
      `  - id: w\n    keys:\n      # in use\n      - "${OLD}"   # since May\n      - "${NEW}"\n\n    actions: [send]\n`,
    ],
    "no list": [
      "  - id: w   # writes\n    actions: [send]\n",
      `  - id: w   # writes\n    keys: ["${NEW}"]\n    actions: [send]\n`,
    ],
    "no list and nothing else": ["  - id: w", `  - id: w\n    keys: ["${NEW}"]`],
    "an id that is not first": [
      "  -   actions: [send]\n      id: w\n",
      `  -   actions: [send]\n      id: w\n      keys: ["${NEW}"]\n`,
    ],
    "a map in braces": [
      "  - { id: w, actions: [send] }\n",
      `  - { id: w, keys: ["${NEW}"], actions: [send] }\n`,
    ],
    "a map in braces with a list": ["  - {keys: [],id: w}\n", `  - {keys: ["${NEW}"],id: w}\n`],
    "a namesake elsewhere": [
      "  - id: v\n    keys: []\n  - id: w\n    keys: []\n  - id: x\n    keys: []\n",
      `  - id: v\n    keys: []\n  - id: w\n    keys: ["${NEW}"]\n  - id: x\n    keys: []\n`,
    ],
  };
  for (const [layout, [before, after]] of Object.entries(layouts)) {
    for (const eol of ["\n", "\r\n"]) {
      await t.test(`${layout}, ${eol === "\n" ? "LF" : "CRLF"}`, () => {
        const file = (list: string): string =>
          `# Ünïcode 😀\nteam: a\nassistants:\n${list}`.replaceAll("\n", eol);
        assert.equal(addAssistantKey(file(before), "w", NEW), file(after));
      });
    }
  }
});

test("addAssistantKey() works on every sample of the repository", () => {
  const samples = { finance: "expense-helper", marketing: "newsletter-writer", sales: "account-manager" };
  for (const [team, assistant] of Object.entries(samples)) {
    const text = readFileSync(resolve(import.meta.dirname, `../../../teams/${team}.yaml`), "utf8");
    const edited = addAssistantKey(text, assistant, NEW);
    assert.equal(edited.replace(`"${NEW}"`, ""), text.includes("keys: []") ? text : "");
  }
});

test("addAssistantKey() refuses a third key, an unknown assistant and what is no hash", () => {
  const text = `assistants:\n  - id: w\n    keys: ["${OLD}", "sha256:${"2c".repeat(32)}"]\n`;
  assert.throws(() => addAssistantKey(text, "w", NEW), /Cannot add a key to "w": it has 2, revoke one first/);
  assert.throws(() => addAssistantKey(text, "v", NEW), /the team has no such assistant/);
  assert.throws(() => addAssistantKey("team: a\n", "v", NEW), /the team has no such assistant/);
  assert.throws(
    () => addAssistantKey("assistants: [{ id: w }]", "w", "csk_secret"),
    (error) => {
      return (
        error instanceof Error && /want its hash/.test(error.message) && !error.message.includes("csk_secret")
      );
    },
  );
});

test("addAssistantKey() gives up on a layout that it cannot keep", () => {
  const text = `old: &k ["${OLD}"]\nassistants:\n  - id: w\n    keys: *k\n`;
  assert.throws(() => addAssistantKey(text, "w", NEW), /by hand/);
});
