import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

/** Who decides. */
export const PEOPLE: readonly string[] = ["lead@acme.example", "deputy@acme.example", "head@acme.example"];

/** How many of them must approve, by team. */
export const NEEDED: Readonly<Record<string, number>> = { gated: 1, four: 2 };

const text = (team: string, needed: number, more: string) => `
team: ${team}
mailbox: { id: mbx-${team}, address: ${team}@acme.multimail.dev }
oversight: gated_all
approval: { by: [${PEOPLE.join(", ")}], needed: ${needed}, ${more} }
assistants: [{ id: bot, actions: [send, status, cancel], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`;

/** Two departments whose email waits: for one person, and for two. What nobody decides on in a minute expires in one. */
export const APPROVAL_TEAMS: TeamTexts = {
  "gated.yaml": text("gated", 1, "expires: 1m"),
  "four.yaml": text("four", 2, "reason: never"),
};

/** How a team's file is changed while people decide: another text, one person who left, and as it was. */
const CHANGES: readonly ((text: string) => string)[] = [
  (text) => `${text}# seen to\n`,
  (text) => text.replace(", deputy@acme.example", ""),
  (text) => text.replace("needed: 1", "needed: 2"),
  (text) => text,
];

/** Puts the nth change of the teams' files in force, each at its own time. */
export async function changePolicies(dir: string, teams: TeamTexts, n: number): Promise<void> {
  const names = Object.keys(teams);
  const name = names[n % names.length] ?? "";
  const change = CHANGES[Math.floor(n / names.length) % CHANGES.length];
  if (change === undefined) return;
  // Whole, for whoever starts at this moment.
  const draft = join(dir, `.${name}.new`);
  await writeFile(draft, change(teams[name] ?? ""));
  await rename(draft, join(dir, name));
}
