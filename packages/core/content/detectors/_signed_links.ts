const DAY_MS = 86_400_000;
/** A link that works no longer than this is one that ends; no service signs for longer in its newer form. */
const MAX_LIFE_MS = 7 * DAY_MS;

/** As much of a link as is read before a place in it, and after. */
const MAX_BEFORE = 4000;
const MAX_AFTER = 4000;
/** Before a key, of the parameter that it is in. */
const MAX_VALUE = 200;
const OUTSIDE = /[\s"'<>()[\]{}|`]/;

/** Parameters that a signature consists of. A key anywhere else in a link has nothing to do with when it ends. */
const OF_SIGNATURE =
  /[?&;](?:x-amz-(?:credential|security-token|signature)|awsaccesskeyid|x-goog-(?:credential|signature)|googleaccessid|key-pair-id|policy|signature|sig)=[^&;]*$/i;
const SIGNATURE = /[?&; ](?:sig|signature)=[\w%+/=~-]{20,}/gi;

/** The signed links of a text, and which of them end. */
export class SignedLinks {
  readonly #text: string;
  readonly #now: number | undefined;
  #start = 0;
  #end = 0;
  #ends = false;

  /** `now`: epoch milliseconds; without it, only a link that says from when to when is known to end. */
  constructor(text: string, now: number | undefined) {
    this.#text = text;
    this.#now = now;
  }

  /** Whether this place is in the signature of a link that ends by itself, within a week. */
  isEnding(at: number): boolean {
    if (at < this.#start || at >= this.#end) this.#read(at);
    return this.#ends && OF_SIGNATURE.test(this.#text.slice(Math.max(this.#start, at - MAX_VALUE), at));
  }

  /** Whether a place is in a link at all. */
  isInLink(at: number): boolean {
    if (at < this.#start || at >= this.#end) this.#read(at);
    return this.#text.slice(this.#start, this.#start + 12).includes("://");
  }

  /** Where a signature begins that does not end: a shared access signature (Azure), a link signed for years. */
  firstEndless(): number {
    for (const { 0: found, index } of this.#text.matchAll(SIGNATURE)) {
      const at = index + found.indexOf("=") + 1;
      if (at < this.#start || at >= this.#end) this.#read(at);
      const link = this.#text.slice(this.#start, this.#end);
      if (!this.#ends && isSigned(link)) return index;
    }
    return -1;
  }

  #read(at: number): void {
    const { start, end } = linkAround(this.#text, at);
    this.#start = start;
    this.#end = end;
    this.#ends = endsSoon(parametersOf(this.#text.slice(start, end)), this.#now);
  }
}

function linkAround(text: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  while (start > 0 && at - start < MAX_BEFORE && !OUTSIDE.test(text.charAt(start - 1))) start--;
  let end = at;
  while (end < text.length && end - at < MAX_AFTER && !OUTSIDE.test(text.charAt(end))) end++;
  return { start, end: Math.max(end, at + 1) };
}

/** Azure's names, and those of Amazon's and Google's older form: with an end, or as the key to a trigger. */
function isSigned(link: string): boolean {
  const parameters = parametersOf(link);
  const azure =
    parameters.has("sig") && (parameters.has("sv") || parameters.has("se") || parameters.has("sr"));
  const older =
    parameters.has("signature") && (parameters.has("awsaccesskeyid") || parameters.has("googleaccessid"));
  return azure || older;
}

function parametersOf(link: string): ReadonlyMap<string, string> {
  const query = link.slice(link.indexOf("?") + 1);
  return new Map(
    query.split(/[&;]/, 60).map((pair) => {
      const sign = pair.indexOf("=");
      return [pair.slice(0, Math.max(sign, 0)).toLowerCase(), pair.slice(sign + 1)] as const;
    }),
  );
}

function endsSoon(parameters: ReadonlyMap<string, string>, now: number | undefined): boolean {
  const life = parameters.get("x-amz-expires") ?? parameters.get("x-goog-expires");
  if (life !== undefined) {
    const signed = parameters.has("x-amz-signature") || parameters.has("x-goog-signature");
    return signed && /^\d{1,7}$/.test(life) && Number(life) * 1000 <= MAX_LIFE_MS;
  }
  const end = timeOf(parameters.get("se") ?? parameters.get("expires"));
  const start = timeOf(parameters.get("st")) ?? now;
  if (end === undefined || start === undefined) return false;
  if (!parameters.has("sig") && !parameters.has("signature")) return false;
  return end - start <= MAX_LIFE_MS;
}

/** Seconds since 1970, or a date (ISO 8601); in epoch milliseconds. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const time = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text.replace(/%3a/gi, ":"));
  return Number.isNaN(time) ? undefined : time;
}
