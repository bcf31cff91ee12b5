import { isAlphanumeric, isDigit } from "../survey/alphanumeric.ts";

/** How one service writes its keys. */
export interface KeyKind {
  readonly prefix: string;
  /** Characters after the prefix. */
  readonly accepts: (code: number) => boolean;
  /** Fewest characters after the prefix. */
  readonly min: number;
  /** Exactly `min` of them. Otherwise `min` and more. */
  readonly exact?: boolean;
  /** The prefix also begins ordinary words: what follows must look random. */
  readonly weak?: boolean;
  /** They are mostly of one kind of character. */
  readonly few?: boolean;
  /** Characters to read. Default: 100. */
  readonly max?: number;
  /** What it looks like, when that says more than randomness. A group is what must not be a placeholder. */
  readonly shape?: RegExp;
  /** What stands before the prefix and belongs to the key; it ends with `$`. */
  readonly before?: RegExp;
}

const alphanumeric = isAlphanumeric;
const upper = (code: number): boolean => isDigit(code) || (code >= 0x41 && code <= 0x5a);
const hex = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x66);
const anyHex = (code: number): boolean => hex(code | 0x20) && isAlphanumeric(code);
const word = (code: number): boolean => isAlphanumeric(code) || code === 0x5f;
const dashed = (code: number): boolean => isAlphanumeric(code) || code === 0x2d;
const base64url = (code: number): boolean => word(code) || code === 0x2d;
const base64 = (code: number): boolean =>
  isAlphanumeric(code) || code === 0x2b || code === 0x2f || code === 0x3d;
const anyBase64 = (code: number): boolean => base64(code) || base64url(code);
const dotted = (code: number): boolean => base64url(code) || code === 0x2e;
const tilde = (code: number): boolean => dotted(code) || code === 0x7e;
const path = (code: number): boolean => base64url(code) || code === 0x2f;

/** Header and payload, both base64url of a JSON object (RFC 7519); or header and key, encrypted (RFC 7516). */
const JWT = /^[\w-]{8,}\.(?:eyJ[\w-]{4,}|[\w-]*\.[\w-]{12,})/;
/** Team, integration or trigger, and what nobody else knows. */
const SLACK_HOOK = /^(?:services|workflows|triggers)\/[A-Z]\w{6,}\/\w{6,}(?:\/\w{6,})?\/(\w{10,})/;

type Rest = Omit<KeyKind, "prefix" | "accepts" | "min">;

/** Several prefixes of one form. */
function kinds(
  prefixes: string,
  accepts: KeyKind["accepts"],
  min: number,
  rest: Rest = {},
): readonly KeyKind[] {
  return prefixes.split(" ").map((prefix) => ({ prefix, accepts, min, ...rest }));
}

/** The services' own documentation of their key formats, and the lists that secret scanners publish. */
export const KEY_KINDS: readonly KeyKind[] = [
  // MultiMail, and our own.
  ...kinds("mm_live_ mm_test_", base64url, 16),
  ...kinds("csk_", base64url, 40),
  ...kinds("whsec_", anyBase64, 20),
  // AWS: access keys, Bedrock.
  ...kinds("AKIA ASIA ABIA ACCA", upper, 16, { exact: true, few: true }),
  ...kinds("ABSK bedrock-api-key-", base64, 100),
  // GitHub.
  ...kinds("ghp_ gho_ ghu_ ghs_ ghr_", alphanumeric, 36),
  ...kinds("github_pat_", word, 50),
  // GitLab.
  ...kinds(
    "glpat- gldt- glrt- glrtr- glptt- glcbt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- GR1348941",
    dotted,
    20,
  ),
  ...kinds("_gitlab_session=", hex, 32, { exact: true }),
  // Slack: tokens of all kinds, and webhooks.
  ...kinds("xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxc- xapp- xwfp-", dashed, 20),
  ...kinds("xoxd-", anyBase64, 20),
  ...kinds("hooks.slack.com/ hooks.slack-gov.com/", path, 30, { max: 200, shape: SLACK_HOOK }),
  // Stripe.
  ...kinds("sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", alphanumeric, 16),
  // Google.
  ...kinds("AIza", base64url, 35),
  ...kinds("GOCSPX-", base64url, 24),
  ...kinds("ya29.", dotted, 40),
  ...kinds("1//0", base64url, 40),
  // Azure: client secrets, storage and the like, keys of 2024 and later, DevOps.
  ...kinds("Q~", tilde, 31, { before: /(?<![\w.~-])[\w.~]{3}\d$/ }),
  ...kinds("AccountKey=", base64, 60),
  ...kinds("SharedAccessKey=", base64, 40),
  ...kinds("JQQJ99", alphanumeric, 20, { before: /[A-Za-z0-9]{40,60}$/ }),
  // Language models, and where they live.
  ...kinds("sk-ant- sk-proj- sk-svcacct- sk-admin- sk-None- sk-or-v1-", base64url, 24),
  ...kinds("sk-", base64url, 20, { weak: true }),
  ...kinds("hf_ api_org_", alphanumeric, 30),
  ...kinds("gsk_ pplx- xai- r8_ nvapi- tvly-", base64url, 32, { weak: true }),
  ...kinds("dapi", hex, 32, { weak: true }),
  // Email and messages.
  ...kinds("SG.", dotted, 60, { weak: true, shape: /^([\w-]{16,}\.[\w-]{32,})/ }),
  ...kinds("key-", hex, 32, { exact: true, weak: true }),
  ...kinds("xkeysib- xsmtpsib-", dashed, 60),
  ...kinds("SK", anyHex, 32, { exact: true, weak: true }),
  ...kinds(":AA", base64url, 33, { exact: true, before: /(?<!\d)\d{8,10}$/ }),
  ...kinds("/api/webhooks/", path, 60, {
    max: 200,
    before: /discord(?:app)?\.com$/i,
    shape: /^\d{17,20}\/([\w-]{50,})/,
  }),
  // Packages.
  ...kinds("npm_", alphanumeric, 36),
  ...kinds("pypi-", base64url, 50),
  ...kinds("dckr_pat_", base64url, 20),
  ...kinds("rubygems_", hex, 48, { exact: true }),
  // Vaults, trackers, hosts, shops.
  ...kinds("hvs. hvb. hvr.", base64url, 20),
  ...kinds("ATATT3 ATCTT3 ATSTT3", (code) => anyBase64(code), 60),
  ...kinds("ATBB", alphanumeric, 28),
  ...kinds("ntn_ lin_api_ figd_ PMAK- HRKU- glsa_ glc_ sntryu_ sntrys_", anyBase64, 32),
  ...kinds("dop_v1_ doo_v1_ dor_v1_", hex, 64, { exact: true }),
  ...kinds("shpat_ shpca_ shppa_ shpss_", anyHex, 32, { exact: true }),
  ...kinds("sq0atp- sq0csp-", base64url, 22),
  // JSON Web Tokens (RFC 7519).
  ...kinds("eyJ", dotted, 30, { max: 1200, weak: true, shape: JWT }),
];
