import type { AllowlistEntry } from "../account/mailbox.ts";

/** Whether an allowlist covers an address: by the whole address, or by `*@domain` and exactly that domain. */
export function matchesAllowlist(allowlist: readonly AllowlistEntry[], address: string): boolean {
  const wanted = address.toLowerCase();
  const domain = `*${wanted.slice(wanted.lastIndexOf("@"))}`;
  return allowlist.some((entry) => {
    const pattern = entry.pattern.toLowerCase();
    return pattern === wanted || pattern === domain;
  });
}
