import { isLoopback } from "./is_loopback.ts";
import type { CheckpointDestination, CheckpointWitness } from "./settings.ts";

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
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  return isSafe ? { kind: "url", url: text } : undefined;
}

/**
 * The witnesses in a list like `https://witness.example/#witness.example/w1+8d66cf3f+BA…`: each an address, `#`, and its
 * verifier key. Undefined: it is none.
 */
export function parseWitnesses(text: string): readonly CheckpointWitness[] | undefined {
  const witnesses = text.split(",").map((item) => parseWitness(item.trim()));
  return witnesses.includes(undefined) ? undefined : (witnesses as CheckpointWitness[]);
}

function parseWitness(text: string): CheckpointWitness | undefined {
  const [, url = "", key] = /^([^#\s]+)#([^+\s]+\+[\da-f]{8}\+[A-Za-z\d+/]+={0,2})$/.exec(text) ?? [];
  if (key === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, username, password, search } = new URL(url);
  // Nothing secret goes there, and what comes back is signed; but who asks is nobody else's business.
  const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return isSafe && username + password + search === "" ? { url: url.replace(/\/+$/, ""), key } : undefined;
}
