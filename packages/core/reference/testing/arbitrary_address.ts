import fc from "fast-check";

/** Few, so that matches and near misses are common: each is another's subdomain, suffix or look. */
const DOMAINS = [
  "client.example",
  "sub.client.example",
  "client.example.evil.example",
  "evilclient.example",
  "acme.example",
  "hr.acme.example",
  "acme.example.evil.example",
  "rival.example",
  "xn--bcher-kva.example",
] as const;

const LOCALS = ["ana", "ana+inv", "bob", "+bob"] as const;

/** No addresses, or none that two mail programs would read alike. */
const REFUSED = [
  "",
  "ana",
  "ana@",
  "@client.example",
  "ana@b@client.example",
  "team: ana@client.example, bob@client.example;",
  "ana@client.example, bob@rival.example",
  "ana@[192.0.2.1]",
  "*@client.example",
  '"ana bob"@client.example',
  "ana@client.example (rival)",
  "ana\u200b@client.example",
  "<ana@client.example> <bob@rival.example>",
  "bob%rival.example@client.example",
];

/** One is mixed from two scripts, the other wholly of letters that look like others. */
const LOOK_ALIKES = ["ana@\u0430cme.example", "ana@\u0430\u0441\u043c\u0435.example"];

/** One of a few addresses, some of them the same but for a plus-tag. */
export const plainAddress: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...LOCALS), fc.constantFrom(...DOMAINS))
  .map(([local, domain]) => `${local}@${domain}`);

/** Ways of writing the same address. */
const STYLES: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => address.toUpperCase(),
  (address) => `"Lee, Ana" <${address}>`,
  (address) => `${address}.`,
  (address) => address.replace(/^(.*)@/, '"$1"@'),
  (address) => ` ${address} `,
  (address) => address.replace("xn--bcher-kva", "BÜCHER"),
];

/** What a caller writes as a recipient: mostly an address, in one of the ways of writing it. */
export const addressText: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: plainAddress },
  {
    weight: 30,
    arbitrary: fc.tuple(plainAddress, fc.constantFrom(...STYLES)).map(([address, style]) => style(address)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...REFUSED) },
  { weight: 1, arbitrary: fc.constantFrom(...LOOK_ALIKES) },
);

/** An address or a whole domain, as MultiMail's allowlist can hold it. */
export const allowlistPattern: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...DOMAINS).map((domain) => `*@${domain}`) },
  { weight: 1, arbitrary: plainAddress },
);

/** A pattern over addresses, as policies write it. */
export const addressPattern: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: allowlistPattern },
  { weight: 1, arbitrary: fc.constantFrom(...DOMAINS).map((domain) => `*@*.${domain}`) },
);
