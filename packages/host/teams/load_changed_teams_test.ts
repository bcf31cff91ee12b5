import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { loadChangedTeams } from "./load_changed_teams.ts";
import { loadTeams } from "./load_teams.ts";
import { SeenTeams } from "./seen_teams.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");
const team = (name: string, mailbox = name): string =>
  `team: ${name}\nmailbox: { id: m-${mailbox}, address: ${mailbox}@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n`;

/** Changes of a folder; each is judged by itself, and whether only a part of the files was read for it. */
const CHANGES: Readonly<Record<string, readonly [kept: boolean, (folder: string) => void]>> = {
  nothing: [true, () => undefined],
  "one team": [true, (folder) => appendFileSync(join(folder, "sales.yaml"), "# changed\n")],
  "one team more": [true, (folder) => writeFileSync(join(folder, "new.yaml"), team("new"))],
  "one team less": [true, (folder) => rmSync(join(folder, "sales.yaml"))],
  "a problem": [false, (folder) => appendFileSync(join(folder, "sales.yaml"), "hourz: 1\n")],
  "a mailbox that is another's": [
    false,
    (folder) => {
      writeFileSync(join(folder, "one.yaml"), team("one", "same"));
      writeFileSync(join(folder, "two.yaml"), team("two", "same"));
    },
  ],
  "many teams": [
    true,
    (folder) => {
      for (let i = 0; i < 12; i++) writeFileSync(join(folder, `new-${i}.yaml`), team(`new-${i}`));
    },
  ],
  "a large file": [
    true,
    (folder) => writeFileSync(join(folder, "new.yaml"), `${team("new")}#${"x".repeat(20_000)}\n`),
  ],
  "many teams, one of them with a problem": [
    false,
    (folder) => {
      for (let i = 0; i < 12; i++)
        writeFileSync(join(folder, `new-${i}.yaml`), team(`new-${i}`) + (i === 5 ? "hourz: 1\n" : ""));
    },
  ],
  "the organisation's file": [
    false,
    (folder) => appendFileSync(join(folder, "_organisation.yaml"), "# more\n"),
  ],
  "no organisation's file": [false, (folder) => rmSync(join(folder, "_organisation.yaml"))],
  "a file that is called wrong": [false, (folder) => writeFileSync(join(folder, "New.yaml"), team("new"))],
};

test("loadChangedTeams() gives what loadTeams() gives, and keeps what did not change", async (t) => {
  for (const [name, [kept, change]] of Object.entries(CHANGES)) {
    await t.test(name, async () => {
      const folder = mkdtempSync(join(tmpdir(), "countersign-"));
      cpSync(TEAMS, folder, { recursive: true });
      const known = await loadTeams(folder);
      assert.ok(known.ok);
      change(folder);
      const look = await new SeenTeams(folder).look();
      const loaded = await loadChangedTeams(folder, { known: known.policies, look });
      assert.deepEqual(loaded, await loadTeams(folder));
      const finance = loaded.ok ? loaded.policies.teams.get("finance") : undefined;
      assert.equal(finance !== undefined && finance === known.policies.teams.get("finance"), kept);
    });
  }
});
