import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

/** Who decides. */
export const PEOPLE: readonly string[] = ["lead@acme.example", "deputy@acme.example", "head@acme.example"];

/** How many of them must approve, by team. */
export const NEEDED: Readonly<Record<string, number>> = { gated: 1, four: 2, late: 1, changed: 1 };

/** Email of this team nobody decides on: who might is never there. */
export const LATE = "late";

/** Email of this team somebody changes at MultiMail. */
export const CHANGED = "changed";

/** To whom no team may write while one of the changes is in force. */
export const DENIED_TO = "person-7@acme.example";

const text = (team: string, needed: number, more: string, by = PEOPLE) => `
team: ${team}
mailbox: { id: mbx-${team}, address: ${team}@acme.multimail.dev }
oversight: gated_all
approval: { by: [${by.join(", ")}], needed: ${needed}, ${more} }
assistants: [{ id: bot, actions: [send, status, cancel], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`;

/**
 * Departments whose email waits: for one person, and for two; for somebody who never comes, so that it expires; and for one, while
 * it is changed at MultiMail.
 */
export const APPROVAL_TEAMS: TeamTexts = {
  "gated.yaml": text("gated", 1, "expires: 1m"),
  "four.yaml": text("four", 2, "reason: never"),
  [`${LATE}.yaml`]: text(LATE, 1, "expires: 1m", ["absent@acme.example"]),
  [`${CHANGED}.yaml`]: text(CHANGED, 1, "reason: never"),
};

/** How a team's file is changed while people decide: another text, somebody denied, one person who left, and as it was. */
const CHANGES: readonly ((text: string) => string)[] = [
  (text) => `${text}# seen to\n`,
  (text) => text.replace("external: deny", `external: deny, deny: [${DENIED_TO}]`),
  (text) => text.replace(", deputy@acme.example", ""),
  (text) => text.replace("needed: 1", "needed: 2"),
  (text) => text,
];

/** Puts the nth change of the teams' files in force, each at its own time. */
export async function changePolicies(dir: string, teams: TeamTexts, n: number): Promise<void> {
  // With one person who may decide, two cannot be wanted.
  const names = Object.keys(teams).filter((name) => name !== `${LATE}.yaml`);
  const name = names[n % names.length] ?? "";
  const change = CHANGES[Math.floor(n / names.length) % CHANGES.length];
  if (change === undefined) return;
  await replace(dir, name, change(teams[name] ?? ""));
}

/** Puts the teams' files in force as they were. */
export async function restorePolicies(dir: string, teams: TeamTexts): Promise<void> {
  for (const [name, text] of Object.entries(teams)) await replace(dir, name, text);
}

/** As a whole, for whoever starts at this moment. */
async function replace(dir: string, name: string, text: string): Promise<void> {
  const draft = join(dir, `.${name}.new`);
  await writeFile(draft, text);
  await rename(draft, join(dir, name));
}
