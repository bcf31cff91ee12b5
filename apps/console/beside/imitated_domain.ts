import { domainToUnicode } from "node:url";
import { parseAddress } from "@countersign/core/address";
import { normalize } from "@countersign/core/content";
import type { TeamPolicy } from "@countersign/core/policy";

/** Shorter names are like many others by chance. */
const MIN_LENGTH = 6;

/** Domains that a team's policy knows as its own, or as somebody's whom it writes to. */
export function knownDomains({ mailbox, recipients }: TeamPolicy): ReadonlySet<string> {
  const own = parseAddress(mailbox.address);
  const named = [...recipients.internal, ...recipients.skipApproval, ...(recipients.allow ?? [])].map(
    ({ value }) =>
      value.kind === "address" ? value.key.slice(value.key.lastIndexOf("@") + 1) : value.domain,
  );
  return new Set([...(own.ok ? [own.address.domain] : []), ...named]);
}

/**
 * Which known domain another one may be taken for: written alike in other letters (`аcme`, `acrne`), or one letter off. Undefined:
 * none, or it is known itself, or below one that is. Both in ASCII (`xn--…`).
 */
export function imitatedDomain(domain: string, known: ReadonlySet<string>): string | undefined {
  for (const one of known) if (domain === one || domain.endsWith(`.${one}`)) return undefined;
  const shape = shapeOf(domain);
  return [...known].find((one) => {
    const other = shapeOf(one);
    return shape === other || (other.length >= MIN_LENGTH && isOneOff(shape, other));
  });
}

/** A domain as a hurried reader sees it. */
function shapeOf(domain: string): string {
  const letters = domainToUnicode(domain).normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return normalize(letters)
    .folded.toLowerCase()
    .replaceAll("0", "o")
    .replaceAll("1", "l")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("cl", "d")
    .replaceAll("i", "l");
}

/** Whether one letter was changed, left out, added, or two neighbours were swapped. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  if (a.length !== b.length)
    return a.length > b.length ? rest(a, 1) === rest(b, 0) : rest(a, 0) === rest(b, 1);
  const isSwapped = a[start] === b[start + 1] && a[start + 1] === b[start];
  return rest(a, 1) === rest(b, 1) || (isSwapped && rest(a, 2) === rest(b, 2));
}
