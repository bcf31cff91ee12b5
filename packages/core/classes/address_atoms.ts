import { type Address, type AddressPattern, formatPattern, parseAddress } from "../address/mod.ts";

/** Addresses that no pattern of a list tells apart, and one of them. */
export interface AddressAtom {
  /** In words of the patterns: `*@client.example`, `billing@partner.example`, `anybody else`. */
  readonly text: string;
  /** The domain that it is about; absent: whatever no pattern names. */
  readonly domain?: string;
  readonly kind: "address" | "tags" | "domain" | "subdomains" | "rest";
  /** One of them, in canonical form. */
  readonly address: Address;
  /** Its domain may be taken for another one. */
  readonly lookAlike: boolean;
}

/**
 * The atoms of these patterns: any two addresses of one atom match the same of them, as `matchesPattern` and as
 * `matchesDenyPattern` compare. Those that no pattern names are an atom too, and so are look-alike domains.
 */
export function addressAtoms(patterns: readonly AddressPattern[]): readonly AddressAtom[] {
  const unique = [...new Map(patterns.map((pattern) => [formatPattern(pattern), pattern])).values()];
  const keys = new Set(unique.flatMap((one) => (one.kind === "address" ? [one.key, one.base] : [])));
  const bases = new Set(unique.flatMap((one) => (one.kind === "address" ? [one.base] : [])));
  const domains = new Set(
    unique.map((one) => (one.kind === "address" ? one.key.slice(one.key.lastIndexOf("@") + 1) : one.domain)),
  );
  const wide = new Set(unique.flatMap((one) => (one.kind === "subdomains" ? [one.domain] : [])));
  const local = unused("someone", (name) => ![...domains].some((domain) => keys.has(`${name}@${domain}`)));
  const label = unused("any", (name) => ![...domains].some((one) => one.split(".").includes(name)));
  const tag = unused("other", (name) => ![...keys].some((key) => key.includes(`+${name}@`)));
  const stranger = unused(
    "elsewhere",
    (name) => ![...domains].some((one) => one.endsWith(`${name}.example`)),
  );
  const atoms: (AddressAtom | undefined)[] = [
    ...[...keys].map((key) => atom("address", key, { text: key })),
    ...[...bases].map((base) => atom("tags", tagged(base, tag), { text: `${tagged(base, "…")}` })),
    ...[...domains].map((domain) => atom("domain", `${local}@${domain}`, { text: `*@${domain}` })),
    ...[...wide].flatMap((domain) => [
      atom("subdomains", `${local}@${label}.${domain}`, { text: `*@*.${domain}`, domain }),
      atom("subdomains", `${local}@аррӏе-${label}x.${domain}`, { text: `look-alike *@*.${domain}`, domain }),
    ]),
    atom("rest", `${local}@${stranger}.example`, { text: "anybody else" }),
    atom("rest", `${local}@${stranger}-аррӏе.example`, { text: "anybody else at a look-alike domain" }),
  ];
  return atoms.filter((one) => one !== undefined);
}

function atom(
  kind: AddressAtom["kind"],
  address: string,
  { text, domain }: { readonly text: string; readonly domain?: string },
): AddressAtom | undefined {
  const parsed = parseAddress(address);
  if (!parsed.ok) return undefined;
  const { lookAlike } = parsed.address;
  const named = kind === "rest" ? undefined : (domain ?? parsed.address.domain);
  return { text, kind, address: parsed.address, lookAlike, ...(named !== undefined && { domain: named }) };
}

function tagged(base: string, tag: string): string {
  const at = base.lastIndexOf("@");
  return `${base.slice(0, at)}+${tag}${base.slice(at)}`;
}

/** A name that nobody uses: this one, or this one with a number. */
function unused(name: string, isFree: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}${number}`;
    if (isFree(tried)) return tried;
  }
}
