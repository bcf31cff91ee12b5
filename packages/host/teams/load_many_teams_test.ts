import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { loadManyTeams } from "./load_many_teams.ts";
import { loadTeams } from "./load_teams.ts";

const TEAMS = resolve(import.meta.dirname, "../../../teams");
const team = (name: string, mailbox = name): string =>
  `team: ${name}\nmailbox: { id: m-${mailbox}, address: ${mailbox}@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n`;

const FOLDERS: Readonly<Record<string, (folder: string) => void>> = {
  "without a problem": () => undefined,
  "without the organisation's file": (folder) => rmSync(join(folder, "_organisation.yaml")),
  "with a problem": (folder) => appendFileSync(join(folder, "sales.yaml"), "hourz: 1\n"),
  "with a mailbox of two teams": (folder) => writeFileSync(join(folder, "t3.yaml"), team("t3", "t4")),
  "with a mailbox of two teams, and a problem": (folder) => {
    writeFileSync(join(folder, "t3.yaml"), team("t3", "t4"));
    appendFileSync(join(folder, "t7.yaml"), "hourz: 1\n");
    appendFileSync(join(folder, "t8.yaml"), "hourz: 1\n");
  },
  "with a file that is called wrong": (folder) => writeFileSync(join(folder, "New.yaml"), team("new")),
  "with a file that cannot be read": (folder) => symlinkSync("nowhere", join(folder, "gone.yaml")),
  "where every file has a problem": (folder) => {
    for (const name of readdirSync(folder))
      if (/^[a-z].*(?<!_test)\.yaml$/.test(name)) appendFileSync(join(folder, name), "hourz: 1\n");
  },
  "with a problem of the organisation's": (folder) =>
    appendFileSync(join(folder, "_organisation.yaml"), "hourz: 1\n"),
};

test("loadManyTeams() gives what loadTeams() gives", async (t) => {
  for (const [name, change] of Object.entries(FOLDERS)) {
    await t.test(`of a folder ${name}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "countersign-"));
      cpSync(TEAMS, folder, { recursive: true });
      for (let i = 0; i < 12; i++) writeFileSync(join(folder, `t${i}.yaml`), team(`t${i}`));
      change(folder);
      const loaded = await loadTeams(folder);
      const many = await loadManyTeams(folder, { many: 10, part: 4, atOnce: 2 });
      assert.deepEqual(many, loaded);
      if (many.ok && loaded.ok)
        assert.deepEqual([...many.policies.teams.keys()], [...loaded.policies.teams.keys()]);
    });
  }
});
