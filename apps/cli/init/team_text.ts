import { schemaLine } from "./schema_line.ts";
import { splitList } from "./split_list.ts";
import type { TeamAnswers } from "./team_answers.ts";
import { yamlList, yamlText } from "./yaml_text.ts";

/** The text of a first team file in `dir`, with comments that say why and what to do next. */
export function teamText(answers: TeamAnswers, dir: string): string {
  const { team, description, mailboxId, mailboxAddress, oversight, approvers, internal } = answers;
  const assistants = splitList(answers.assistants);
  const gated = oversight.startsWith("gated");
  return `${schemaLine("team", dir)}team: ${yamlText(team)}
description: ${yamlText(description)}

mailbox:
  id: ${yamlText(mailboxId)}
  address: ${yamlText(mailboxAddress)}

# ${MEANING[oversight] ?? "What MultiMail holds for a person."}
oversight: ${yamlText(oversight)}
approvers: ${yamlList(splitList(approvers))}

# Nobody else may use the mailbox. Issue a key with: npx countersign keys new team/assistant
assistants:${assistants.length === 0 ? " []" : assistants.map((id) => `\n  - id: ${yamlText(id)}\n    keys: []`).join("")}

recipients:
  internal: ${yamlList(splitList(internal))}
  # ${gated ? "People outside are written to only after a person's approval." : "Nobody approves email here, so nobody outside is written to."}
  external: ${gated ? "require_approval" : "deny"}
`;
}

const MEANING: Readonly<Record<string, string>> = {
  read_only: "The mailbox may only be read.",
  gated_all:
    "A person approves every email before it leaves, and every received one before an assistant sees it.",
  gated_send: "A person approves every email before it leaves.",
  monitored: "Email leaves at once; a person gets a copy of it.",
  autonomous: "Email leaves at once, and nobody is shown it.",
};
