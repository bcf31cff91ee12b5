import { parseAddress } from "../address/mod.ts";
import type { ApprovalRequirement } from "../decision/mod.ts";
import type { Expectation, ExpectedApproval } from "./parse_policy_tests.ts";

/** What is required otherwise than a test expects. */
export function approvalDifferences(
  requirements: readonly ApprovalRequirement[],
  { needed, approval = [] }: Expectation,
): readonly string[] {
  const most = Math.max(0, ...requirements.map((one) => one.needed));
  const got = requirements.map((one) =>
    approvalText({ needed: one.needed, by: one.by.map(({ address }) => address) }),
  );
  return [
    ...(needed === undefined || needed === most
      ? []
      : [`Expected ${needed} ${needed === 1 ? "person" : "people"} to be needed, got ${most}`]),
    ...approval
      .filter((wanted) => !requirements.some((one) => isAsExpected(one, wanted)))
      .map((wanted) => `Expected approval by ${approvalText(wanted)}, got ${got.join("; ") || "none"}`),
  ];
}

function isAsExpected({ needed, by }: ApprovalRequirement, wanted: ExpectedApproval): boolean {
  const people = by.map(({ address }) => address).sort();
  const expected = wanted.by?.map(keyOf).sort();
  return (wanted.needed ?? needed) === needed && (expected ?? people).join() === people.join();
}

/** `2 of cfo@acme.example, lead@acme.example` */
function approvalText({ needed, by }: ExpectedApproval): string {
  return `${needed ?? "any"} of ${by?.join(", ") || "anybody"}`;
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text;
}
