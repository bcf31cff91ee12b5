import fc from "fast-check";
import type { PolicyFile, PolicySet } from "../../policy/mod.ts";
import { type PolicyCase, policyCase } from "./arbitrary_case.ts";
import { policyFiles } from "./arbitrary_files.ts";

/** Policies, and questions to them. */
export interface PolicyWorld {
  readonly files: readonly PolicyFile[];
  readonly cases: readonly ((policies: PolicySet) => PolicyCase)[];
}

/** On these days summer time begins or ends somewhere; the last is one of winter. */
const DAYS = [
  "2026-03-08",
  "2026-03-29",
  "2026-04-04",
  "2026-10-03",
  "2026-10-25",
  "2026-11-01",
  "2026-11-23",
];

/** Midnight in UTC, epoch milliseconds. */
export const today: fc.Arbitrary<number> = fc.constantFrom(...DAYS).map((day) => Date.parse(day));

/** Policies, with so many questions to them. */
export function world(count: number): fc.Arbitrary<PolicyWorld> {
  return today.chain((today) =>
    fc.record({
      files: policyFiles(today),
      cases: fc.array(policyCase(today), { minLength: count, maxLength: count }),
    }),
  );
}
