import { isDeepStrictEqual } from "node:util";
import { type Document, isScalar, isSeq, parseDocument, type Scalar, type YAMLSeq } from "yaml";
import { type AssistantNode, findAssistantNode } from "./_find_assistant_node.ts";

/** What to leave out, and what to put there instead. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly instead?: string;
}

/**
 * Removes a key's hash (`sha256:…`) from an assistant in the text of a team's file that has no problems. A comment on
 * the key's own line goes with it; everything else stays as it is.
 *
 * @throws {Error} when the assistant has no such key
 */
export function removeAssistantKey(fileText: string, assistantId: string, hash: string): string {
  const before = parseDocument(fileText);
  const assistant = findAssistantNode(before, assistantId);
  const keys = assistant?.map.get("keys");
  const position = isSeq(keys) ? keys.items.findIndex((key) => isScalar(key) && key.value === hash) : -1;
  if (assistant === undefined || !isSeq(keys) || position < 0)
    throw new Error(`Cannot remove a key from "${assistantId}": it has no key ${hash.slice(0, 19)}`);

  const cut = keys.flow
    ? fromBrackets(fileText, keys, position)
    : fromLines(fileText, assistant, keys, position);
  const edited = cut && fileText.slice(0, cut.from) + (cut.instead ?? "") + fileText.slice(cut.to);
  const path = ["assistants", assistant.index, "keys", position];
  if (edited === undefined || !isOnlyRemoved(before, parseDocument(edited), path)) {
    throw new Error(
      `Cannot remove a key from "${assistantId}": remove "${hash}" from its keys by hand, since the file is laid out unusually`,
    );
  }
  return edited;
}

/** `["sha256:…", "sha256:…"]`, on one line or with each key on its own. */
function fromBrackets(text: string, keys: YAMLSeq, position: number): Cut | undefined {
  const key = rangeOf(keys, position);
  if (key === undefined) return undefined;
  const line = ownLine(text, key);
  if (line !== undefined) return line;
  const next = rangeOf(keys, position + 1);
  const previous = rangeOf(keys, position - 1);
  return { from: next ? key.from : (previous?.to ?? key.from), to: next?.from ?? key.to };
}

/** `- sha256:…` lines. A list without any would be null, so that the last one leaves `keys: []` behind. */
function fromLines(text: string, { map }: AssistantNode, keys: YAMLSeq, position: number): Cut | undefined {
  const key = rangeOf(keys, position);
  const line = key && ownLine(text, key);
  if (line === undefined || keys.items.length > 1) return line;
  const name = map.items.find(({ key }) => isScalar(key) && key.value === "keys")?.key;
  const colon = isScalar(name) && name.range ? text.indexOf(":", name.range[1]) + 1 : 0;
  return colon === 0
    ? undefined
    : { from: colon, to: line.to, instead: ` []${text.slice(colon, line.from)}` };
}

/** The whole line that holds nothing but the key, its dash or comma and a comment. */
function ownLine(text: string, { from, to }: Cut): Cut | undefined {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const rest = /^[ \t]*,?[ \t]*(?:#.*)?(?:\r?\n|$)/.exec(text.slice(to));
  if (!/^[ \t]*(?:-[ \t]+)?$/.test(text.slice(start, from)) || rest === null) return undefined;
  return { from: start, to: to + rest[0].length };
}

function rangeOf(keys: YAMLSeq, position: number): Cut | undefined {
  const range = (keys.items[position] as Scalar | undefined)?.range;
  return range ? { from: range[0], to: range[1] } : undefined;
}

/** Whether the edited file says the same as before, but for the key. */
function isOnlyRemoved(
  before: Document.Parsed,
  after: Document.Parsed,
  path: readonly (string | number)[],
): boolean {
  if (after.errors.length > 0) return false;
  before.deleteIn(path);
  return isDeepStrictEqual(before.toJS(), after.toJS());
}
