import type { ExportHeader } from "./export_header.ts";

/** What a pack says to somebody who has never heard of it. */
export function packReadme({
  origin,
  at,
  from,
  to,
  size,
  since,
  until,
  filter,
  values,
}: ExportHeader): string {
  const only = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  );
  return `# Evidence pack

Records of the audit trail \`${origin}\`, taken out on ${at}.

| | |
|---|---|
| records | ${to - from}: from ${from} up to, but without, ${to} |
| time | ${since ?? "from the first record"} to ${until ?? "the last one then"} |
| shown | ${only.length === 0 ? "all" : `of ${only.join(", ")}; of the others only the hash is here`} |
| values | ${values.length === 0 ? "none: addresses, subjects and texts are here as commitments only" : values.join(", ")} |
| proof | they are in the tree of ${size} records whose root is in \`proof.json\` |

## To verify it

With Node 18 or newer, or with Python 3.8 or newer, in this folder; neither needs anything else, and both say the same:

    node verify.mjs
    python3 verify.py

Each recomputes every hash here up to the root of the tree, and compares it with the signed checkpoints in \`checkpoints/\`.
Whoever made this pack could also have made its verifiers: get them, or write one, from where you trust. And ask for the
trail's verifier key (\`<name>+<id>+<base64>\`) in another way than this pack, to know who signed:

    node verify.mjs --key '<the key>'

Without a key, what is shown is that the pack agrees with itself. A checkpoint that you were given earlier shows that nothing
was rewritten since: \`--checkpoint file\`.

## What is here

| file | what it is |
|---|---|
| \`proof.json\` | which records these are, the tree that they are in, and the hashes beside them |
| \`records/*.jsonl\` | the records, a line each, exactly the bytes that were hashed; \`{"leaf": …}\` for one that is withheld, \`{"leaves": …}\` the hashes of the next 256, \`{"value": …}\` what a commitment stands for |
| \`checkpoints/<record>.txt\` | tree heads that the trail signed (C2SP signed notes) |
| \`policies/<sha256>.yaml\` | the policies in force, which the records name by line |
| \`manifest.json\` | SHA-256 of every other file |
| \`summary.txt\` | a line for each record, for people; it proves nothing |
| \`verifying.md\` | how the hashes are made, and all that is needed to write a verifier |
`;
}
