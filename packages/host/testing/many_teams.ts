/**
 * Team files by their names, all different, with an organisation's: most are small, every fiftieth has many assistants and
 * exceptions. Team n has the mailbox `mbx-n`.
 */
export function manyTeams(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "_organisation.yaml": ORGANISATION };
  for (let n = 0; n < count; n++) files[`team-${n}.yaml`] = team(n, n % 50 === 0 ? 25 : 2);
  return files;
}

const ORGANISATION =
  "internal: [acme.example]\nrecipients: { external: require_approval, deny: ['*@rival.example'] }\n";

function team(n: number, size: number): string {
  const numbers = Array.from({ length: size }, (_, index) => index);
  const assistants = numbers.map(
    (index) => `  - id: helper-${index}
    keys: ["sha256:${(100 * n + index).toString(16).padStart(64, "0")}"]
    recipients: { allow: ["*@suppliers.example"] }
    limits: { per_assistant: 20/day }
`,
  );
  const exceptions = numbers
    .slice(2)
    .map(
      (index) =>
        `  - { rule: hours, reason: Close ${index}, owner: lead@acme.example, expires: 2099-12-31 }\n`,
    );
  return `team: team-${n}
mailbox: { id: mbx-${n}, address: team-${n}@acme.multimail.dev }
approvers: [lead-${n}@acme.example]
assistants:
${assistants.join("")}recipients: { allow: ["*@suppliers.example", "*@acme.example"], deny: ["*@old.example"] }
content: { block: [private_key, { name: word, pattern: "(?i)falcon-${n % 20}" }], flag: [iban] }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris }
${exceptions.length === 0 ? "" : `exceptions:\n${exceptions.join("")}`}`;
}
