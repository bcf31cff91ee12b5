import type { JsonObject } from "./json.ts";
import type { CommitmentField } from "./kind.ts";
import type { Commitment, Sealer } from "./sealed.ts";
import { isObject, maybe, objectOf, type Shape, TEXT } from "./shape.ts";

/**
 * Who asked an assistant, as their own sign-in named them: each part is sealed. With the issuer the subject tells one person
 * from another, whatever their address is.
 */
export type Asker = {
  readonly issuer: Commitment;
  readonly subject: Commitment;
  /** Absent: nobody confirmed one. */
  readonly address?: Commitment;
  /** To a JSON list of those of their groups by which they may use the assistant; absent: none of them. */
  readonly claims?: Commitment;
};

/** The same as text. */
export interface AskerText {
  readonly issuer: string;
  readonly subject: string;
  readonly address?: string;
  readonly claims?: readonly string[];
}

/** Seals who asked. They are sealed as text, so that a record is not found by them as by its recipients. */
export function sealAsker(sealer: Sealer, { issuer, subject, address, claims = [] }: AskerText): Asker {
  return {
    issuer: sealer.seal("text", issuer),
    subject: sealer.seal("text", subject),
    ...(address !== undefined && { address: sealer.seal("text", address) }),
    ...(claims.length > 0 && { claims: sealer.seal("text", JSON.stringify(claims)) }),
  };
}

/** Who asked, of any data; undefined: it does not say so. */
export function askerOf(data: JsonObject): Asker | undefined {
  return ASKER(data.person) ? (data.person as Asker) : undefined;
}

/** Who asked, as far as the values are there; undefined: nobody signed in, or they were erased. */
export function openAsker(
  asker: Asker | undefined,
  values: ReadonlyMap<Commitment, string>,
): AskerText | undefined {
  const [issuer, subject] = [values.get(asker?.issuer ?? ""), values.get(asker?.subject ?? "")];
  if (issuer === undefined || subject === undefined) return undefined;
  const address = values.get(asker?.address ?? "");
  const claims = listOf(values.get(asker?.claims ?? ""));
  return {
    issuer,
    subject,
    ...(address !== undefined && { address }),
    ...(claims.length > 0 && { claims }),
  };
}

/** Everything that is sealed of who asked. */
export function askerCommitments(asker: Asker | undefined): readonly Commitment[] {
  return asker === undefined
    ? []
    : [asker.issuer, asker.subject, asker.address, asker.claims].filter((one) => one !== undefined);
}

/** Somebody in a few words: by address, or by what the issuer calls them. */
export function askerName({ issuer, subject, address }: AskerText): string {
  return address ?? `${subject} at ${issuer}`;
}

/** What `person` of a record is like. */
export const ASKER: Shape = (value) => isObject(value) && MEMBERS(value);

const MEMBERS = objectOf({ issuer: TEXT, subject: TEXT, address: maybe(TEXT), claims: maybe(TEXT) });

/** Its commitments, in the order of its fields. */
export const ASKER_COMMITMENTS: readonly CommitmentField[] = [
  ["person", "issuer", ["text"]],
  ["person", "subject", ["text"]],
  ["person", "address", ["text"]],
  ["person", "claims", ["text"]],
];

function listOf(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
