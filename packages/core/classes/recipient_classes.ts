import {
  type Address,
  type AddressPattern,
  matchesDenyPattern,
  matchesPattern,
  parseAddress,
} from "../address/mod.ts";
import type { Located, TeamPolicy } from "../policy/mod.ts";
import { type AddressAtom, addressAtoms } from "./address_atoms.ts";

/** Recipients whom no rule of the policies tells apart. */
export interface RecipientClass {
  /** What every list of the policies says of them. */
  readonly signature: string;
  readonly atoms: readonly AddressAtom[];
  /** One of them. */
  readonly address: Address;
}

/** Everybody who can be written to, by what the lists of some policies say of them. */
export interface Recipients {
  readonly classes: readonly RecipientClass[];
  /** Index into `classes`. */
  readonly classOf: (address: Address) => number;
}

/** A list of patterns as a rule looks at it. */
interface List {
  readonly patterns: readonly AddressPattern[];
  readonly matches: (pattern: AddressPattern, address: Address) => boolean;
}

/** The classes of recipients of these policies together, and of more patterns that a question is about. */
export function recipientClasses(
  policies: readonly TeamPolicy[],
  more: readonly (readonly AddressPattern[])[] = [],
): Recipients {
  const lists = unique([
    ...policies.flatMap(listsOf),
    ...more.map((patterns): List => ({ patterns, matches: matchesPattern })),
  ]);
  const atoms = addressAtoms(lists.flatMap(({ patterns }) => patterns));
  const tests = lists.map(testOf);
  const signatureOf = (address: Address): string =>
    `${address.lookAlike ? "~" : ""}${tests.map((test) => (test(address) ? "1" : "0")).join("")}`;
  const found = new Map<string, AddressAtom[]>();
  for (const atom of atoms) {
    const signature = signatureOf(atom.address);
    const others = found.get(signature);
    if (others === undefined) found.set(signature, [atom]);
    else others.push(atom);
  }
  const classes = [...found].map(([signature, own]): RecipientClass => {
    const best = own.find(({ kind }) => kind === "rest" || kind === "domain") ?? own[0];
    if (best === undefined) throw new Error("A class has no atom");
    return { signature, atoms: own, address: best.address };
  });
  const indices = new Map(classes.map(({ signature }, index) => [signature, index]));
  return {
    classes,
    classOf: (address) => {
      const index = indices.get(signatureOf(address));
      if (index === undefined) throw new Error(`No class of recipients has ${address.address}`);
      return index;
    },
  };
}

/** Every list of a policy that a rule compares a recipient with, as it compares. */
function listsOf(policy: TeamPolicy): readonly List[] {
  const { recipients, assistants, exceptions, approval, compose, mailbox } = policy;
  const permits = (located: readonly Located<AddressPattern>[] | undefined): readonly List[] =>
    located === undefined ? [] : [{ patterns: located.map(({ value }) => value), matches: matchesPattern }];
  const forbids = (located: readonly Located<AddressPattern>[] | undefined): readonly List[] =>
    located === undefined
      ? []
      : [{ patterns: located.map(({ value }) => value), matches: matchesDenyPattern }];
  return [
    ...permits(recipients.internal),
    ...permits(recipients.allow),
    ...forbids(recipients.deny),
    // When in doubt about an entry of MultiMail's allowlist, it counts as a match.
    ...forbids(recipients.skipApproval),
    ...[...assistants.values()].flatMap(({ allow }) => permits(allow)),
    ...exceptions.flatMap((exception) => permits(exception.recipients)),
    ...approval.classes.flatMap(({ when }) => forbids(when.recipients)),
    // Whoever gets a copy anyway is not given another one; the mailbox itself is no recipient of its own reply.
    ...[...(compose?.copies ?? []).map(({ address }) => address.key), mailbox.address.toLowerCase()].map(
      (key): List => ({ patterns: exactly(key), matches: matchesPattern }),
    ),
  ];
}

function exactly(key: string): readonly AddressPattern[] {
  const parsed = parseAddress(key);
  return parsed.ok ? [{ kind: "address", key: parsed.address.key, base: parsed.address.base }] : [];
}

function unique(lists: readonly List[]): readonly List[] {
  const known = new Map<string, List>();
  for (const list of lists) known.set(`${list.matches.name} ${JSON.stringify(list.patterns)}`, list);
  return [...known.values()];
}

/** Whether any pattern of a list matches, by the parts of an address: lists are long, and addresses many. */
function testOf({ patterns, matches }: List): (address: Address) => boolean {
  const isStrict = matches === matchesPattern;
  const exact = new Set(
    patterns.flatMap((one) => (one.kind === "address" ? [isStrict ? one.key : one.base] : [])),
  );
  const domains = new Set(patterns.flatMap((one) => (one.kind === "domain" ? [one.domain] : [])));
  const wide = patterns.filter(({ kind }) => kind === "subdomains");
  return (address) =>
    exact.has(isStrict ? address.key : address.base) ||
    domains.has(address.domain) ||
    wide.some((pattern) => matches(pattern, address));
}
