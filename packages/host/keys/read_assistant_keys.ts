import { isScalar, isSeq, parseDocument } from "yaml";
import { readTeamText } from "../teams/change_team_file.ts";
import { findAssistantNode } from "./_find_assistant_node.ts";

/**
 * The key hashes of an assistant as its team's file has them, whatever else is wrong there; undefined: it names no such
 * assistant, or in no readable way.
 */
export async function readAssistantKeys(
  dir: string,
  team: string,
  assistantId: string,
): Promise<readonly string[] | undefined> {
  const text = await readTeamText(dir, team);
  const document = text === undefined ? undefined : parseDocument(text);
  if (document === undefined || document.errors.length > 0) return undefined;
  const assistant = findAssistantNode(document, assistantId);
  const keys = assistant?.map.get("keys");
  if (assistant === undefined || (keys !== undefined && !isSeq(keys))) return undefined;
  return (keys?.items ?? []).flatMap((key) =>
    isScalar(key) && typeof key.value === "string" && /^sha256:[0-9a-f]{64}$/.test(key.value)
      ? [key.value]
      : [],
  );
}
