import { describeSettings, type SettingDescription } from "@countersign/host";

/** Where the page lies, from the repository's root. */
export const VARIABLES_PAGE = "apps/gateway/docs/variables.md";

/** What others read: undici, which carries our requests, and the actions that a Dust builder imports. */
const OTHERS: readonly SettingDescription[] = [
  {
    variable: "HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY",
    meaning:
      "the proxy that leads out (MultiMail, checkpoints, witnesses), and hosts reached without it; this machine is always reached without",
  },
  {
    variable: "NOTIFY_…",
    meaning:
      "where the console posts that email waits, https only, and secrets of webhooks (`whsec_…`): each by the name that a channel in `_organisation.yaml` gives it",
    more: "apps/console/docs/operators.md",
  },
  {
    variable: "COUNTERSIGN_URL",
    meaning: "where the gateway is, for the actions that a Dust builder imports",
    more: "packages/actions/README.md",
  },
];

/** The reference page of every variable, whole. */
export function variablesPage(): string {
  return `# Variables

<!-- Made by npm run generate from the schema in packages/host/env/parse_env.ts. -->

Read once, at the start. A wrong value stops it, with the variable's name and what is wanted; an empty one counts as unset.
How files for Docker and systemd write them, and what the start asks about keys: [operations](operations.md#what-the-start-checks).

| variable | default | meaning |
|---|---|---|
${[...describeSettings(), ...OTHERS].map(row).join("\n")}
`;
}

function row({ variable, fallback, unset, meaning, more }: SettingDescription): string {
  const fallbackText = fallback === undefined ? (unset ?? "–") : `\`${fallback}\``;
  const link = more === undefined ? "" : ` ([more](../../../${more}))`;
  return `| \`${variable}\` | ${fallbackText} | ${meaning}${link} |`;
}
