import type { CheckpointDestination } from "./settings.ts";

/** The destinations in a list like `file:/mnt/worm/,https://log.acme.example/in`; undefined: it is none. */
export function parseDestinations(text: string): readonly CheckpointDestination[] | undefined {
  const destinations = text.split(",").map((item) => parseDestination(item.trim()));
  return destinations.includes(undefined) ? undefined : (destinations as CheckpointDestination[]);
}

function parseDestination(text: string): CheckpointDestination | undefined {
  const path = /^file:(?:\/\/(?=\/))?(\/[^\0]*)$/.exec(text)?.[1];
  if (path !== undefined) return { kind: "file", path };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username + url.password + url.hash !== "") return undefined;
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  return isSafe ? { kind: "url", url: text } : undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
