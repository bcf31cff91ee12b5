import { suggest } from "../../policy/mod.ts";
import { parseCaller } from "../../what_if/mod.ts";
import type { LintRule } from "../lint_rule.ts";

/** Tests that pass whatever the policy says, and files of tests without any. */
export const testOfNothing: LintRule = {
  about: "a file of tests that tests nothing, or a test that nobody could fail",
  find: ({ policies, tests: files }) =>
    files.flatMap(({ file, tests: { team, tests } }) => {
      if (tests.length === 0) {
        const where = { file, line: 1, column: 1 };
        return [{ where, path: "", message: "The file tests nothing: add a test, or take it out" }];
      }
      return tests.flatMap(({ as, expect, where }, index) => {
        const caller = parseCaller(as, team);
        const assistants = [...(policies.teams.get(caller.team)?.assistants.keys() ?? [])];
        // One that is allowed something fails.
        if (expect.effect === "allow" || assistants.includes(caller.assistant)) return [];
        const near = suggest(caller.assistant, assistants);
        const hint = near === undefined ? "name one that there is" : `did you mean "${near}"?`;
        const message = `The test shows nothing: team "${caller.team}" has no assistant "${caller.assistant}", and who is not named is denied everything; ${hint}`;
        return [{ where, path: `tests[${index}]`, message }];
      });
    }),
};
