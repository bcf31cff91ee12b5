import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { describeKeys } from "./describe_keys.ts";

/** A file with every section, and in them only what must be there. */
const BASE = {
  team: "finance",
  mailbox: { id: "mbx", address: "finance@acme.example" },
  approvers: ["lead@acme.example"],
  assistants: [{ id: "chaser" }],
  recipients: {},
  content: { block: ["iban"] },
  attachments: { allow: ["text/csv"] },
  hours: { days: "mon-fri", from: "08:00", to: "18:00", timezone: "UTC" },
  overlap: {},
  after_outside_mail: {},
};

test("describeKeys() says what holds without a key as the policies are linked", () => {
  const without = linked(BASE);
  assert.ok(without);
  const values = describeKeys("team").flatMap(({ path, fallback }) =>
    fallback === undefined || path.includes("[]") ? [] : [{ path, fallback }],
  );
  const isValue = values.filter(({ path, fallback }) => {
    const policy = linked(withKey(path, /^[\d.]+$/.test(fallback) ? Number(fallback) : fallback));
    if (policy !== undefined && path !== "description") assert.equal(policy, without, `${path}: ${fallback}`);
    return policy !== undefined;
  });
  // What is no value is in words, like `nobody`.
  assert.deepEqual(
    isValue.map(({ path }) => path).filter((path) => !path.startsWith("rules.")),
    [
      "description",
      "mailbox.api_key_env",
      "oversight",
      "approval.needed",
      "approval.reason",
      "recipients.external",
      "recipients.max_per_email",
      "attachments.max_count",
      "attachments.max_bytes",
      "hours.outside",
      "overlap.window",
      "overlap.similarity",
      "overlap.action",
      "first_contact",
      "after_outside_mail.window",
      "after_outside_mail.new_external",
      "after_outside_mail.inbound",
    ],
  );
});

test("describeKeys() has a form and a meaning for every key, and no default for what is required", () => {
  for (const kind of ["team", "organisation"] as const) {
    const keys = describeKeys(kind);
    assert.equal(new Set(keys.map(({ path }) => path)).size, keys.length);
    for (const { path, form, about, required, fallback } of keys) {
      assert.ok(form !== "" && about !== "" && !/undefined/.test(form), path);
      assert.ok(!required || fallback === undefined, path);
    }
  }
});

function withKey(path: string, value: unknown): object {
  const [first = "", ...rest] = path.split(".");
  const section = rest.length === 0 ? value : { ...sectionOf(first), [rest.join(".")]: value };
  return { ...BASE, [first]: section };
}

function sectionOf(name: string): object {
  return Object.entries(BASE).flatMap(([key, value]) => (key === name ? [value] : []))[0] as object;
}

/** A file's policy but for the places in it, and for rules that are enforced anyway; undefined: it has a problem. */
function linked(file: object): string | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  const result = loadPolicies([{ name: "finance.yaml", file: "finance.yaml", bytes }], { sha256: () => "" });
  if (!result.ok) return undefined;
  return JSON.stringify(result.policies.teams.get("finance"), (key, value) =>
    ["where", "outsideAt", "source"].includes(key) ? undefined : value,
  );
}
