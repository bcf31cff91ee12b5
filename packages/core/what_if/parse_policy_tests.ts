import { z } from "zod";
import type { PolicyFile, PolicyProblem, Where } from "../policy/mod.ts";
import { readDocument } from "../policy/read/read_document.ts";
import { parseWith } from "../policy/schema/parse_with.ts";
import { ADDRESSES, REQUEST_KEYS, SCENARIO_SHAPE, type Scenario } from "./scenario.ts";

/** A file of tests beside a team's policy: `teams/finance_test.yaml`. */
export interface PolicyTests {
  /** The team that `as` means when it names none. */
  readonly team: string;
  /** What time it is in a test that does not say it itself; ISO 8601 in UTC. */
  readonly now: string;
  readonly tests: readonly PolicyTest[];
}

/** One test: who asks for what in which world, and what must be decided. */
export interface PolicyTest extends Scenario {
  readonly name: string;
  /** `assistant` or `team/assistant`. */
  readonly as: string;
  /** What time it is in this test; absent: that of the file. */
  readonly now?: string | undefined;
  readonly expect: Expectation;
  readonly where: Where;
}

/** What must be decided. What is not said does not matter. */
export interface Expectation {
  readonly effect: "allow" | "deny";
  /** Held at MultiMail for a person. */
  readonly held?: boolean | undefined;
  /** Rules that must be among those that deny. */
  readonly rules?: readonly string[] | undefined;
  /** Rules that must be among those that ask for a person's look, without denying. */
  readonly flags?: readonly string[] | undefined;
  /** When it leaves, by the hours or because it was asked for then; ISO 8601 in UTC. */
  readonly send_at?: string | undefined;
  /** What it is with what the policy adds, as far as it is said. */
  readonly email?: ExpectedEmail | undefined;
  /** How many different people must approve: the most that is wanted of all email, or of a class. */
  readonly needed?: number | undefined;
  /** Approval that must be among what is wanted. */
  readonly approval?: readonly ExpectedApproval[] | undefined;
}

/** An email as it leaves. */
export interface ExpectedEmail {
  readonly subject?: string | undefined;
  /** Line ends at its end do not matter. */
  readonly body?: string | undefined;
  /** Addresses, in any order; those that a reply has anyway are left out. */
  readonly cc?: readonly string[] | undefined;
  readonly bcc?: readonly string[] | undefined;
}

/** So many of these people, whatever is not said. */
export interface ExpectedApproval {
  readonly needed?: number | undefined;
  /** Addresses: exactly these people, in whatever order. */
  readonly by?: readonly string[] | undefined;
}

/** The tests, or what is wrong with the file. */
export type PolicyTestsResult =
  | { readonly ok: true; readonly tests: PolicyTests }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const time = z.iso.datetime({ error: "Must be a time in UTC, like 2026-11-23T10:00:00Z" });

const TESTS = z.strictObject({
  now: time.describe("what time it is in every test that does not say it itself"),
  tests: z.array(
    z
      .strictObject({
        name: z.string().min(1).describe("what the test shows"),
        as: z.string().min(1).describe("the assistant who asks"),
        now: time.optional().describe("what time it is in this test"),
        ...SCENARIO_SHAPE,
        expect: z.strictObject({
          effect: z.enum(["allow", "deny"]),
          held: z.boolean().optional(),
          rules: z.array(z.string()).optional(),
          flags: z.array(z.string()).optional(),
          send_at: time.optional(),
          email: z
            .strictObject({
              subject: z.string().optional(),
              body: z.string().optional(),
              cc: ADDRESSES.optional(),
              bcc: ADDRESSES.optional(),
            })
            .optional(),
          needed: z.int().min(1).optional(),
          approval: z
            .array(
              z.strictObject({
                needed: z.int().min(1).optional(),
                by: z.array(z.string()).optional(),
              }),
            )
            .optional(),
        }),
      })
      .refine((test) => REQUEST_KEYS.filter((key) => test[key] !== undefined).length === 1, {
        error: `Must ask for exactly one thing: one of ${REQUEST_KEYS.join(", ")}`,
      }),
  ),
});

/** Reads a file of tests. Strict and total: everything that is wrong is reported with its line. */
export function parsePolicyTests(file: PolicyFile): PolicyTestsResult {
  const { document, problems } = readDocument(file);
  if (document === undefined || problems.length > 0) return { ok: false, problems };
  const { content, problems: wrong } = parseWith(TESTS, document);
  if (content === undefined) return { ok: false, problems: wrong };
  const tests = content.tests.map((test, index) => ({
    ...test,
    where: document.places.get(`tests[${index}]`) ?? { file: file.file, line: 1, column: 1 },
  }));
  return { ok: true, tests: { team: file.name.replace(/_test\.yaml$/, ""), now: content.now, tests } };
}
