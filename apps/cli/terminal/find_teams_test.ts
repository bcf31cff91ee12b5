import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tempFolder } from "../testing/temp_folder.ts";
import { findTeams } from "./find_teams.ts";

test("findTeams() finds the policies of the checkout from any folder below it, and nothing above it", () => {
  const folder = tempFolder({
    "teams/above.yaml": "",
    "repo/.git/HEAD": "",
    "repo/teams/finance.yaml": "",
    "repo/docs/deep/a.md": "",
    "repo/own/teams/sales.yaml": "",
    "repo/own/docs/b.md": "",
    "bare/.git/HEAD": "",
    "bare/docs/c.md": "",
    "elsewhere/docs/d.md": "",
  });
  const places = (from: string) => findTeams(join(folder, from));
  assert.deepEqual(places("repo/docs/deep"), { TEAMS_DIR: "../../teams", DATA_DIR: "../../data" });
  assert.deepEqual(places("repo/teams"), { TEAMS_DIR: "../teams", DATA_DIR: "../data" });
  assert.deepEqual(places("repo/own/docs"), { TEAMS_DIR: "../teams", DATA_DIR: "../data" });
  for (const from of ["repo", "repo/own", "bare/docs", "elsewhere/docs", "."])
    assert.equal(places(from), undefined, from);
});

test("findTeams() passes by a folder of that name without policies", () => {
  const folder = tempFolder({ ".git/HEAD": "", "teams/finance.yaml": "", "apps/x/a.ts": "" });
  mkdirSync(join(folder, "apps/teams"));
  assert.deepEqual(findTeams(join(folder, "apps/x")), { TEAMS_DIR: "../../teams", DATA_DIR: "../../data" });
});
