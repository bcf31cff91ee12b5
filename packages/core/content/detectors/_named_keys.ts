import { changeRate, isNoPlaceholder, isPlaceholder } from "./_looks_random.ts";

/** In a bearer token, in a key that a name announces, and in forty characters of AWS. */
const MIN_CHANGES = 0.2;
const MIN_CHANGES_AWS = 0.3;
/** In letters without a digit. */
const MIN_CHANGES_LETTERS = 0.35;

/** Keys without a prefix, after a word that says what they are: forty characters (AWS), a bearer token (RFC 6750). */
const AWS_OR_BEARER =
  /(?:secret[\w \t"'`:=>-]{0,30}?[\s"'`:=>]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])|bearer[\s:="'`]{1,4}([\w.~+/=-]{20,400}))/gi;

/** A name that is given a value: `client_secret=…`, `"apiKey": "…"`, `X-Postmark-Server-Token: …`, `auth token is …`. */
const ASSIGNED =
  /(key|token|secret|[-_ ]pat|credential)["'`]{0,2}(?:[ \t]{0,3}(?:[:=]>?|\bis\b)[ \t]{0,3}|[ \t]{1,3})["'`<[(]{0,2}([\w.~+/=-]{20,200})/gi;
/** Before such a name. What is only `token`, `session` or `id` stands in many a link and log. */
const OF_A_KEY =
  /(?:api|access|auth|account|client|server|service|shared|signing|consumer|app(?:lication)?|personal|private|secret|subscription|function|master|deploy|webhook|bot|admin|refresh|security|encryption|_)[-_. ]?$/i;
const QUALIFIED = 14;
const SERVICE =
  /mailgun|twilio|databricks|atlassian|jira|confluence|bitbucket|discord|telegram|vault|heroku|cloudflare|datadog|mailchimp|azure|devops|postmark|brevo|npm/i;
/** How far from a key the name of its service may stand. */
const NEAR = 60;
/** Services whose keys are UUIDs. */
const UUID_SERVICE = /postmark|server[-_ ]?(?:api[-_ ]?)?$|npm|heroku/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Forms that need no word beside them: Mailgun, Mailchimp, Discord's bots, service accounts of Google. */
const SHAPED =
  /(?<![\w-])(?:[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}-us\d{1,2}|[MNO][TDjz][\w-]{22,26}\.[\w-]{6}\.[\w-]{27,40}|private_key_id["'`\s:=]{1,8}[0-9a-f]{40})(?![\w-])/g;

/** What says that a hexadecimal number is a sum of something public. */
const SUM_WORD =
  /(?<![a-z])(?:commit|sha-?\d*|md5|hash(?:es)?|checksum|digest|fingerprint|revision|git|merged?|branch|image|etag|patch|diff|blob)(?![a-z])/i;
const HEX = /^[0-9a-f]+$/i;

/** Where a key without a prefix of its own is, or -1. `accepts` may refuse one by where it stands. */
export function namedKey(text: string, accepts: (at: number) => boolean): number {
  for (const { 0: whole, 1: aws, 2: bearer, index } of text.matchAll(AWS_OR_BEARER)) {
    const key = aws ?? bearer ?? "";
    const rate = changeRate(key);
    // Forty hexadecimal digits are a SHA-1; a key of AWS has letters of all kinds.
    const isKey =
      aws === undefined
        ? rate >= MIN_CHANGES && isNoPlaceholder(key)
        : rate >= MIN_CHANGES_AWS && !HEX.test(key) && !isPlaceholder(key);
    if (isKey && accepts(index + whole.length - key.length)) return index;
  }
  for (const { 0: whole, 1: name = "", 2: key = "", index } of text.matchAll(ASSIGNED)) {
    const at = index + whole.length - key.length;
    if (isAssigned(text, { index, at, name, key }) && accepts(at)) return index;
  }
  for (const { 0: key, index } of text.matchAll(SHAPED)) {
    if (changeRate(key) >= MIN_CHANGES && !isPlaceholder(key)) return index;
  }
  return -1;
}

interface Assigned {
  /** Of the name, and of the key. */
  readonly index: number;
  readonly at: number;
  readonly name: string;
  readonly key: string;
}

function isAssigned(text: string, { index, at, name, key }: Assigned): boolean {
  const near = text.slice(Math.max(0, index - NEAR), at);
  const before = text.slice(Math.max(0, index - QUALIFIED), index);
  if (UUID.test(key)) {
    const named = UUID_SERVICE.test(near.slice(0, NEAR)) || UUID_SERVICE.test(before);
    return named && !isPlaceholder(key);
  }
  const rate = changeRate(key);
  if (rate < MIN_CHANGES || (rate < MIN_CHANGES_LETTERS && !/\d/.test(key)) || isPlaceholder(key))
    return false;
  if (HEX.test(key) && SUM_WORD.test(text.slice(Math.max(0, index - NEAR), at + key.length + NEAR)))
    return false;
  if (OF_A_KEY.test(before) || SERVICE.test(near)) return true;
  // A secret of no known kind has letters of both cases, digits and a sign that gives it the value.
  const clear = /[A-Z]/.test(key) && /[a-z]/.test(key) && rate >= MIN_CHANGES_AWS;
  return name.toLowerCase() === "secret" && clear && /[:=]/.test(text.slice(index, at));
}
