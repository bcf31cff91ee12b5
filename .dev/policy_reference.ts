import { describeKeys, type KeyDescription } from "@countersign/core/policy";

/** Where the page lies, from the repository's root. */
export const POLICY_REFERENCE = "apps/cli/docs/policy_reference.md";

/** The reference page of every key that a policy can have. */
export function policyReference(): string {
  return `# Reference of policies

<!-- Made by npm run generate from the schemas in packages/core/policy/schema. -->

Every key of both files: [the guide](policies.md) says what they are for, \`countersign check\` what is wrong with one. In a path, \`[]\`
is an entry of a list, and \`<team>\` or \`<group>\` a name of yours; a list of one form takes any number of them.

## \`<team>.yaml\`

${table(describeKeys("team"))}

## \`_organisation.yaml\`

Whatever it says bounds every team: a team may only be stricter.

${table(describeKeys("organisation"))}
`;
}

function table(keys: readonly KeyDescription[]): string {
  return ["| key | takes | default | meaning |", "|---|---|---|---|", ...keys.map(row)].join("\n");
}

function row({ path, form, required, fallback = "–", about }: KeyDescription): string {
  const cells = [`\`${path}\``, form, required ? "**required**" : fallback, about];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
