import type { MultiMailClient } from "@countersign/multimail";
import { CallGuard, type CallGuardOptions } from "./call_guard.ts";

/** Calls that name the mailbox they are about, as their first argument. */
const OF_MAILBOX: ReadonlySet<string> = new Set([
  "send",
  "reply",
  "listEmails",
  "getEmail",
  "getAttachment",
  "getThread",
  "cancel",
  "getTags",
  "putTags",
  "getMailbox",
  "getAllowlist",
] satisfies (keyof MultiMailClient)[]);

/**
 * A client every call of which goes through one {@linkcode CallGuard}. A call that is held back fails as one that
 * MultiMail certainly did not get, so that whoever made it records and answers it like any other refusal.
 */
export function guardedClient(client: MultiMailClient, options: CallGuardOptions): MultiMailClient {
  const guard = new CallGuard(options);
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      // Called on the client itself, whose private fields a proxy does not have.
      const call = (...args: readonly unknown[]) => Reflect.apply(member, target, args);
      if (name === "close") return call;
      const isAboutMailbox = OF_MAILBOX.has(String(name));
      return (...args: readonly unknown[]) =>
        guard.run(() => call(...args), isAboutMailbox ? String(args[0]) : undefined);
    },
  });
}
