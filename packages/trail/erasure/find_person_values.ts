import { parseAddress } from "@countersign/core/address";
import { addressBase } from "../record/address_base.ts";
import { type AskerText, askerCommitments, askerOf, openAsker } from "../record/asker.ts";
import { namedCommitments } from "../record/named_commitments.ts";
import type { Commitment, SealedKind } from "../record/sealed.ts";
import type { TrailStore } from "../store/store.ts";
import type { StoredRecord } from "../store/stored.ts";
import { type NamesPerson, namesPerson } from "./names_person.ts";

/** What a trail keeps of a person. */
export interface PersonValues {
  /** The person's address, in every form of it. */
  readonly addresses: readonly Commitment[];
  /** Subject, body, file names and attachments of the emails that name the person as recipient. */
  readonly contents: readonly Commitment[];
  /** Texts that name the person, what was said about those emails, and the person as somebody who asked an assistant. */
  readonly texts: readonly Commitment[];
  /** Subjects, bodies and file names of emails to others that name the person. */
  readonly mentions: readonly Commitment[];
  /** How many emails name the person as recipient. */
  readonly emails: number;
  /** Receipts of those among them that are not settled, or that are still watched: their content is needed. */
  readonly unsettled: readonly string[];
  /** Names of policy files on record, of any time, that name the person. They are part of the record and stay. */
  readonly policyFiles: readonly string[];
}

const CONTENT: readonly SealedKind[] = ["subject", "body", "attachment_name", "attachment", "caller_key"];
const READABLE: readonly SealedKind[] = ["subject", "body", "attachment_name"];

/**
 * Finds everything that a trail keeps of the person with this address: by its `Address.base`, so that plus-tags and letter
 * case make no difference. Reads every value but attachments once; what it keeps in memory are commitments.
 *
 * @throws {TrailUnavailableError}
 */
export async function findPersonValues(store: TrailStore, address: string): Promise<PersonValues> {
  const isNamed = namesPerson(address);
  const base = addressBase(address);
  const addresses: Commitment[] = [];
  const texts = new Set<Commitment>();
  const places = { addresses: new Set<number>(), texts: new Set<number>() };
  for await (const row of store.values({ kinds: ["address", "text", "caller_key"] })) {
    if (row.value === null) continue;
    // A caller's key runs an address into other words.
    const isInKey = row.kind === "caller_key" && row.value.toLowerCase().includes(base);
    if (!isInKey && !isNamed(row.value)) continue;
    if (row.kind === "text") places.texts.add(row.seq);
    if (row.kind !== "address") texts.add(row.commitment);
    else {
      addresses.push(row.commitment);
      places.addresses.add(row.seq);
    }
  }
  for (const one of await askedBy(store, places.texts, isNamed)) texts.add(one);
  const contents = new Set<Commitment>();
  const receipts = new Set<string>();
  let emails = 0;
  for (const seq of places.addresses) {
    const intent = await intentAt(store, seq);
    if (intent === undefined) continue;
    emails++;
    for await (const { commitment } of store.values({ kinds: CONTENT, fromSeq: seq, toSeq: seq + 1 })) {
      contents.add(commitment);
    }
    // What was given as a recipient and is no address belongs to nobody else.
    for await (const row of store.values({ kinds: ["address"], fromSeq: seq, toSeq: seq + 1 })) {
      if (row.value !== null && !parseAddress(row.value).ok) contents.add(row.commitment);
    }
    if (intent.record.receipt === null) continue;
    receipts.add(intent.record.receipt);
    for (const one of await wordsAbout(store, intent.record.receipt)) texts.add(one);
  }
  return {
    addresses,
    contents: [...contents],
    texts: [...texts],
    mentions: await mentionsOf(store, isNamed, contents),
    emails,
    unsettled: await unsettledOf(store, receipts),
    policyFiles: await policyFilesOf(store, isNamed),
  };
}

/**
 * Everything that is sealed of the person as somebody who asked an assistant: what names the address, and whatever else has
 * the same issuer and subject, under another address or none.
 */
async function askedBy(
  store: TrailStore,
  places: ReadonlySet<number>,
  isNamed: NamesPerson,
): Promise<readonly Commitment[]> {
  const found: Commitment[] = [];
  const people = new Set<string>();
  const subjects = new Set<string>();
  const look = async (seq: number, isWanted: (asker: AskerText) => boolean) => {
    const asker = askerOf((await intentAt(store, seq))?.record.data ?? {});
    const commitments = askerCommitments(asker);
    const values = await store.unseal(commitments);
    const known = openAsker(asker, values);
    if (known === undefined || !isWanted(known)) return;
    people.add(personOf(known));
    subjects.add(known.subject);
    found.push(...commitments.filter((one) => values.has(one)));
  };
  for (const seq of places) await look(seq, ({ address }) => address !== undefined && isNamed(address));
  if (people.size === 0) return found;
  const others = new Set<number>();
  for await (const { seq, value } of store.values({ kinds: ["text"] })) {
    if (value !== null && subjects.has(value) && !places.has(seq)) others.add(seq);
  }
  for (const seq of others) await look(seq, (asker) => people.has(personOf(asker)));
  return found;
}

function personOf({ issuer, subject }: AskerText): string {
  return JSON.stringify([issuer, subject]);
}

async function intentAt(store: TrailStore, seq: number): Promise<StoredRecord | undefined> {
  for await (const stored of store.records({ fromSeq: seq, limit: 1 })) {
    if (stored.record.kind === "intent") return stored;
  }
  return undefined;
}

/** What MultiMail and the people who decided said about an email; who they are stays. */
async function wordsAbout(store: TrailStore, receipt: string): Promise<readonly Commitment[]> {
  const words = (await store.recordsOf(receipt))
    .filter(({ record: { kind } }) => kind === "outcome" || kind === "lifecycle")
    .flatMap(({ record: { kind, data } }) => namedCommitments(kind, data))
    .filter(({ kinds }) => kinds.every((kind) => kind === "text"))
    .map(({ commitment }) => commitment);
  return [...(await store.unseal(words)).keys()];
}

async function mentionsOf(
  store: TrailStore,
  isNamed: NamesPerson,
  known: ReadonlySet<Commitment>,
): Promise<readonly Commitment[]> {
  const mentions: Commitment[] = [];
  for await (const { commitment, value } of store.values({ kinds: READABLE })) {
    if (value !== null && !known.has(commitment) && isNamed(value)) mentions.push(commitment);
  }
  return mentions;
}

async function unsettledOf(store: TrailStore, receipts: ReadonlySet<string>): Promise<readonly string[]> {
  const listed = [...(await store.openIntents()), ...(await store.watchedEmails())];
  const wanted = listed.map(({ record: { receipt } }) => receipt).filter((receipt) => receipt !== null);
  return [...new Set(wanted)].filter((receipt) => receipts.has(receipt));
}

async function policyFilesOf(store: TrailStore, isNamed: NamesPerson): Promise<readonly string[]> {
  const seen = new Set<string>();
  const names = new Set<string>();
  for await (const { record } of store.records({ kind: "policy" })) {
    const files = Array.isArray(record.data.files) ? record.data.files : [];
    for (const { name, hash } of files as readonly { readonly name: string; readonly hash: string }[]) {
      if (seen.has(hash)) continue;
      seen.add(hash);
      if (isNamed((await store.policyText(hash)) ?? "")) names.add(name);
    }
  }
  return [...names];
}
