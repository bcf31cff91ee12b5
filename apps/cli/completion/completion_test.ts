import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { COMMAND_TABLE } from "../command_table.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { bashScript } from "./bash_script.ts";
import { commandWords } from "./command_words.ts";
import { fishScript } from "./fish_script.ts";
import { zshScript } from "./zsh_script.ts";

const program = new Command().version("0").option("-q, --quiet", "say little");
const words = await commandWords(COMMAND_TABLE, program);
const TEAM = "team: sales\nmailbox: { id: 01KJ1NHN8J, address: a@b.example }\nassistants:\n";
const folder = tempFolder({
  "teams/sales.yaml": `${TEAM}  - id: lead-qualifier\n    keys: []\n  - { id: deal-desk, keys: [] }\nlimits: { id: none }\n`,
  "teams/sales_test.yaml": "",
  "teams/_organisation.yaml": "",
  "teams/hr.yaml": `${TEAM}  - keys: []\n    id: on-boarding\n`,
  "teams/it's.txt": "",
});

/** What is typed, the last word as far as it is → what bash offers. */
const OFFERS: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [["comp"], ["completion"]],
  [["audit", "pro"], ["prove"]],
  [["audit", "list", "--eff"], ["--effect"]],
  [
    ["audit", "list", "--effect", ""],
    ["allow", "deny"],
  ],
  [["audit", "list", "--limit", ""], []],
  [
    ["audit", "list", "--team", ""],
    ["hr", "sales"],
  ],
  [["explain", "s"], ["sales"]],
  [
    ["keys", "new", ""],
    ["hr/on-boarding", "sales/lead-qualifier", "sales/deal-desk"],
  ],
  [["decide", "--as", "sales/d"], ["sales/deal-desk"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  // Of files bash itself knows.
  [["check", ""], []],
  [["audit", "list", "--qu"], ["--quiet"]],
  [["no-such", "ch"], ["check"]],
];

test("bashScript() completes commands, options, values, teams and assistants in a real bash", () => {
  const calls = OFFERS.map(
    ([typed]) => `offer ${["countersign", ...typed].map((word) => `'${word}'`).join(" ")}`,
  );
  const script = `${bashScript(words)}
offer() { COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _countersign; echo "\${COMPREPLY[*]}"; }
${calls.join("\n")}`;
  const printed = execFileSync("bash", ["-euc", script], { cwd: folder, encoding: "utf8" })
    .trimEnd()
    .split("\n");
  for (const [index, [typed, offered]] of OFFERS.entries())
    assert.equal(printed[index] ?? "", offered.join(" "), typed.join(" "));
});

test("every shell's script has every command, and reads as that shell's if it is here", () => {
  for (const [shell, script] of Object.entries({
    bash: bashScript(words),
    zsh: zshScript(words),
    fish: fishScript(words),
  })) {
    for (const { name } of COMMAND_TABLE) assert.ok(script.includes(name), `${shell}: ${name}`);
    const isHere = execFileSync("sh", ["-c", `command -v ${shell} || true`], { encoding: "utf8" }) !== "";
    if (isHere) execFileSync(shell, ["-n", join(tempFolder({ script }), "script")]);
  }
});
