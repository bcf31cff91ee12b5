import assert from "node:assert/strict";
import { test } from "node:test";
import { addAssistantKey } from "./add_assistant_key.ts";
import { removeAssistantKey } from "./remove_assistant_key.ts";

const OLD = `sha256:${"0a".repeat(32)}`;
const NEW = `sha256:${"1b".repeat(32)}`;

test("removeAssistantKey() leaves out the hash and keeps everything else as it is", async (t) => {
  const layouts: Readonly<Record<string, readonly [before: string, after: string]>> = {
    "the only one in brackets": [
      `  - id: w\n    keys: ["${OLD}"]      # rotate in May\n`,
      "  - id: w\n    keys: []      # rotate in May\n",
    ],
    "the first of two in brackets": [
      `  - id: w\n    keys: ["${OLD}", "${NEW}"] # both\n`,
      `  - id: w\n    keys: ["${NEW}"] # both\n`,
    ],
    "the second of two in brackets": [
      `  - id: w\n    keys: [ '${NEW}', ${OLD} ]\n`,
      `  - id: w\n    keys: [ '${NEW}' ]\n`,
    ],
    "the first in brackets over lines": [
      `  - id: w\n    keys: [\n      ${OLD}, # old\n      ${NEW}, # new\n    ]\n`,
      `  - id: w\n    keys: [\n      ${NEW}, # new\n    ]\n`,
    ],
    "the second in brackets over lines": [
      `  - id: w\n    keys: [\n      ${NEW}, # new\n      ${OLD} # old\n    ]\n`,
      `  - id: w\n    keys: [\n      ${NEW}, # new\n    ]\n`,
    ],
    "the only one in brackets over lines": [
      `  - id: w\n    keys: [\n      ${OLD}\n    ]\n`,
      "  - id: w\n    keys: [\n    ]\n",
    ],
    "the first of two lines": [
      `  - id: w\n    keys:\n      # in use\n      - "${OLD}"   # since May\n      - ${NEW}\n\n    actions: [send]\n`,
      `  - id: w\n    keys:\n      # in use\n      - ${NEW}\n\n    actions: [send]\n`,
    ],
    "the second of two lines": [
      `  - id: w\n    keys:\n    - ${NEW} # new\n    - ${OLD} # old\n    actions: [send]\n`,
      `  - id: w\n    keys:\n    - ${NEW} # new\n    actions: [send]\n`,
    ],
    "the only line": [
      `  - id: w\n    keys:\n      - "${OLD}"   # since May\n    actions: [send]\n`,
      "  - id: w\n    keys: []\n    actions: [send]\n",
    ],
    "the only line, as far left as it may be": [
      `  - id: w\n    keys: # soon\n    # in use\n    - ${OLD}\n    actions: [send]\n`,
      "  - id: w\n    keys: [] # soon\n    # in use\n    actions: [send]\n",
    ],
    "the last line of the file": [`  - id: w\n    keys:\n      - ${OLD}`, "  - id: w\n    keys: []\n"],
    "a map in braces": [
      `  - { id: w, keys: ["${OLD}"], actions: [send] }\n`,
      "  - { id: w, keys: [], actions: [send] }\n",
    ],
    "a namesake's key elsewhere": [
      `  - id: v\n    keys: ["${NEW}"]\n  - id: w\n    keys: ["${OLD}"]\n`,
      `  - id: v\n    keys: ["${NEW}"]\n  - id: w\n    keys: []\n`,
    ],
  };
  for (const [layout, [before, after]] of Object.entries(layouts)) {
    for (const eol of ["\n", "\r\n"]) {
      await t.test(`${layout}, ${eol === "\n" ? "LF" : "CRLF"}`, () => {
        const file = (list: string): string =>
          `# Ünïcode 😀\nteam: a\nassistants:\n${list}`.replaceAll("\n", eol);
        assert.equal(removeAssistantKey(file(before), "w", OLD), file(after));
      });
    }
  }
});

test("removeAssistantKey() undoes what addAssistantKey() did", () => {
  for (const keys of ["keys: []", `keys: ["${OLD}"]  # one`, `keys:\n      - ${OLD}`]) {
    const text = `assistants:\n  - id: w\n    ${keys}\n    actions: [send]\n`;
    assert.equal(removeAssistantKey(addAssistantKey(text, "w", NEW), "w", NEW), text);
  }
});

test("removeAssistantKey() leaves a list that a key can be added to again", () => {
  const text = `assistants:\n  - id: w\n    keys:\n      - ${OLD}\n    actions: [send]\n`;
  assert.match(addAssistantKey(removeAssistantKey(text, "w", OLD), "w", NEW), new RegExp(`\\["${NEW}"\\]`));
});

test("removeAssistantKey() refuses a key or an assistant that is not there", () => {
  const text = `assistants:\n  - id: w\n    keys: ["${OLD}"]\n`;
  assert.throws(
    () => removeAssistantKey(text, "w", NEW),
    /Cannot remove a key from "w": it has no key sha256:1b1b/,
  );
  assert.throws(() => removeAssistantKey(text, "v", OLD), /it has no key/);
  assert.throws(() => removeAssistantKey("team: a\n", "w", OLD), /it has no key/);
});

test("removeAssistantKey() gives up on a layout that it cannot keep", () => {
  const text = `old: &k ["${OLD}"]\nassistants:\n  - id: w\n    keys: *k\n`;
  assert.throws(() => removeAssistantKey(text, "w", OLD), /Cannot remove a key/);
});
