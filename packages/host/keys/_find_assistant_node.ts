import { type Document, isMap, isSeq, type YAMLMap } from "yaml";

/** An assistant in a team's file. */
export interface AssistantNode {
  /** Among the assistants, from 0. */
  readonly index: number;
  readonly map: YAMLMap;
}

/** The map of the assistant with this id, if the team has one. */
export function findAssistantNode(document: Document, id: string): AssistantNode | undefined {
  const assistants = document.get("assistants");
  if (!isSeq(assistants)) return undefined;
  const index = assistants.items.findIndex((item) => isMap(item) && item.get("id") === id);
  const map = assistants.items[index];
  return isMap(map) ? { index, map } : undefined;
}
