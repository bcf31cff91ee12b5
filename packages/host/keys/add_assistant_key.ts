import { isDeepStrictEqual } from "node:util";
import { type Document, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { findAssistantNode } from "./_find_assistant_node.ts";

/** One, or two while rotating. */
const MAX_KEYS = 2;

/** Where to insert what. */
interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/**
 * Adds a key's hash (`sha256:…`) to an assistant in the text of a team's file that has no problems. It inserts and
 * changes nothing else: comments, order and layout stay.
 *
 * @throws {Error} when there is no such assistant, or it has two keys already
 */
export function addAssistantKey(fileText: string, assistantId: string, hash: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(hash))
    throw new Error("Cannot add a key: want its hash, as hashAssistantKey makes it");
  const before = parseDocument(fileText);
  const assistant = findAssistantNode(before, assistantId);
  if (assistant === undefined)
    throw new Error(`Cannot add a key to "${assistantId}": the team has no such assistant`);
  const { index, map } = assistant;
  const keys = map.get("keys");
  if (isSeq(keys) && keys.items.length >= MAX_KEYS)
    throw new Error(`Cannot add a key to "${assistantId}": it has ${keys.items.length}, revoke one first`);

  const insertion = isSeq(keys) ? intoKeys(fileText, keys, hash) : besideId(fileText, map, hash);
  const edited =
    insertion && fileText.slice(0, insertion.offset) + insertion.text + fileText.slice(insertion.offset);
  if (edited === undefined || !isOnlyAdded(before, parseDocument(edited), { index, hash }))
    throw new Error(
      `Cannot add a key to "${assistantId}": add "${hash}" to its keys by hand, since the file is laid out unusually`,
    );
  return edited;
}

function intoKeys(text: string, keys: YAMLSeq, hash: string): Insertion | undefined {
  const last = keys.items.at(-1);
  if (!keys.range) return undefined;
  if (last === undefined) return { offset: keys.range[0] + 1, text: `"${hash}"` };
  if (!isScalar(last) || !last.range) return undefined;
  if (keys.flow) return { offset: last.range[1], text: `, "${hash}"` };
  return newLine(text, { after: last.range[1], column: columnOf(text, keys.range[0]), line: `- "${hash}"` });
}

function besideId(text: string, assistant: YAMLMap, hash: string): Insertion | undefined {
  const id = assistant.items.find(({ key }) => isScalar(key) && key.value === "id");
  if (!isScalar(id?.key) || !isScalar(id.value) || !id.key.range || !id.value.range) return undefined;
  const end = id.value.range[1];
  if (assistant.flow) return { offset: end, text: `, keys: ["${hash}"]` };
  return newLine(text, { after: end, column: columnOf(text, id.key.range[0]), line: `keys: ["${hash}"]` });
}

/** A line after the one that `after` is on, ended as the file's others are. */
function newLine(
  text: string,
  { after, column, line }: { readonly after: number; readonly column: number; readonly line: string },
): Insertion {
  const end = /\r?\n|$/.exec(text.slice(after));
  return {
    offset: after + (end?.index ?? 0),
    text: `${text.includes("\r\n") ? "\r\n" : "\n"}${" ".repeat(column)}${line}`,
  };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Whether the edited file says the same as before, but for the new key. */
function isOnlyAdded(
  before: Document.Parsed,
  after: Document.Parsed,
  { index, hash }: { readonly index: number; readonly hash: string },
): boolean {
  if (after.errors.length > 0) return false;
  const path = ["assistants", index, "keys"];
  if (before.hasIn(path)) before.addIn(path, hash);
  else before.setIn(path, before.createNode([hash]));
  return isDeepStrictEqual(before.toJS(), after.toJS());
}
