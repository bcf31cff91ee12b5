import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyFile } from "../policy_set.ts";
import { deceptiveCharacters } from "./_deceptive_characters.ts";
import { decodeFile } from "./_decode_file.ts";
import { parseYaml } from "./_parse_yaml.ts";
import { placeFinder } from "./_place_finder.ts";
import { readNodes } from "./_read_nodes.ts";
import { readPlain } from "./_read_plain.ts";
import { findSecrets, redactSecrets, SECRET_MESSAGE } from "./_secrets.ts";
import type { PolicyDocument } from "./policy_document.ts";

/** What could be read of a file. Without a document there is at least one problem. */
export interface ReadDocument {
  readonly document?: PolicyDocument;
  readonly problems: readonly PolicyProblem[];
}

/**
 * Reads a policy file as YAML 1.2 core: strict UTF-8 of at most 1 MiB, one document whose root is a map, no duplicate
 * or merge keys, no tags, few aliases, nothing that does not show. Total, in time linear to the file's size.
 */
export function readDocument({ name, file, bytes }: PolicyFile): ReadDocument {
  const decoded = decodeFile(bytes);
  const placeAt = placeFinder(file, decoded.text);
  const problem = (offset: number, message: string): PolicyProblem => ({
    where: placeAt(offset),
    path: "",
    message,
  });
  if (!decoded.ok) return { problems: [problem(decoded.offset, decoded.message)] };

  const deceptive = deceptiveCharacters(decoded.text);
  if (deceptive.length > 0)
    return { problems: deceptive.map(({ offset, message }) => problem(offset, message)) };

  // From here on no key is in the text, so that no message can show one.
  const secrets = findSecrets(decoded.text);
  const text = redactSecrets(decoded.text);
  const plain = secrets.length === 0 ? readPlain(file, text) : undefined;
  if (plain !== undefined) return { document: { name, text, ...plain }, problems: [] };
  const parsed = parseYaml(text);
  if (!parsed.ok)
    return {
      problems: [
        ...secrets.map((offset) => problem(offset, SECRET_MESSAGE)),
        ...parsed.errors.map(({ offset, message }) => problem(offset, message)),
      ],
    };

  const { value, problems, ...nodes } = readNodes(parsed.document.contents, { placeAt, secrets });
  if (!isMap(value)) return { problems: [...problems, problem(0, notAMap(value))] };
  return { document: { name, file, text, value, ...nodes }, problems };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAMap(value: unknown): string {
  if (value === null) return 'File is empty: start with "team", "mailbox" and "assistants"';
  return `File must be a map of keys such as "team: finance", got ${Array.isArray(value) ? "a list" : "one value"}`;
}
