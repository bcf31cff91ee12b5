import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ACTION_NAMES } from "@countersign/core/action";
import {
  type AssistantPolicy,
  loadPolicies,
  type PolicySet,
  type TeamPolicy,
} from "@countersign/core/policy";

/** A team's policy for a test, changed from a plain one. */
export interface TestPolicy {
  readonly policies: PolicySet;
  readonly policy: TeamPolicy;
  readonly assistant: AssistantPolicy;
}

/** Links the policy of team "sales" with the assistant "bot", and what `changes` says instead. */
export function policyOf(changes: Readonly<Record<string, unknown>> = {}): TestPolicy {
  const file = {
    team: "sales",
    description: "Answers to enquiries",
    mailbox: { id: "01KJ1NHN8JX7S5T3V1W9Y6Z4A2", address: "sales@acme.multimail.dev" },
    oversight: "gated_send",
    approvers: ["lead@acme.example"],
    assistants: [{ id: "bot", keys: [], actions: ACTION_NAMES }],
    recipients: { internal: ["acme.example"], skip_approval: ["*@acme.example"] },
    ...changes,
  };
  // JSON is YAML.
  const bytes = Buffer.from(JSON.stringify(file));
  const result = loadPolicies([{ name: "sales.yaml", file: "teams/sales.yaml", bytes }], {
    sha256: (content) => createHash("sha256").update(content).digest("hex"),
  });
  assert.ok(result.ok, JSON.stringify(result));
  const policy = result.policies.teams.get("sales");
  const assistant = policy?.assistants.values().next().value;
  assert.ok(policy !== undefined && assistant !== undefined);
  return { policies: result.policies, policy, assistant };
}
