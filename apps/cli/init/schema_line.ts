import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Names the schema for editors, when the file is inside the repository that holds it. */
export function schemaLine(kind: "team" | "organisation", dir: string): string {
  const schema = fileURLToPath(
    new URL(`${kind}.schema.json`, import.meta.resolve("@countersign/core/policy")),
  );
  const path = relative(dir, schema).replaceAll("\\", "/");
  return /^(?:\.\.\/){1,2}packages\//.test(path) ? `# yaml-language-server: $schema=${path}\n` : "";
}
