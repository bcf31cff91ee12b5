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
  /** What it looks like, when that says more than randomness. */
  readonly shape?: RegExp;
}

const alphanumeric = isAlphanumeric;
const upper = (code: number): boolean => isDigit(code) || (code >= 0x41 && code <= 0x5a);
const hex = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x66);
const word = (code: number): boolean => isAlphanumeric(code) || code === 0x5f;
const dashed = (code: number): boolean => isAlphanumeric(code) || code === 0x2d;
const base64url = (code: number): boolean => word(code) || code === 0x2d;
const base64 = (code: number): boolean =>
  isAlphanumeric(code) || code === 0x2b || code === 0x2f || code === 0x3d;
const jwt = (code: number): boolean => base64url(code) || code === 0x2e;

/** Header and payload, both base64url of a JSON object (RFC 7519); or header and key, encrypted (RFC 7516). */
const JWT = /^[\w-]{8,}\.(?:eyJ[\w-]{4,}|[\w-]*\.[\w-]{12,})/;

/** The services' own documentation of their key formats, and the patterns that GitHub's secret scanning publishes. */
export const KEY_KINDS: readonly KeyKind[] = [
  { prefix: "mm_live_", accepts: base64url, min: 16 },
  { prefix: "mm_test_", accepts: base64url, min: 16 },
  { prefix: "csk_", accepts: base64url, min: 40 },
  { prefix: "whsec_", accepts: (code) => base64(code) || base64url(code), min: 20 },
  { prefix: "AKIA", accepts: upper, min: 16, exact: true, few: true },
  { prefix: "ASIA", accepts: upper, min: 16, exact: true, few: true },
  { prefix: "ghp_", accepts: alphanumeric, min: 36 },
  { prefix: "gho_", accepts: alphanumeric, min: 36 },
  { prefix: "ghu_", accepts: alphanumeric, min: 36 },
  { prefix: "ghs_", accepts: alphanumeric, min: 36 },
  { prefix: "ghr_", accepts: alphanumeric, min: 36 },
  { prefix: "github_pat_", accepts: word, min: 50 },
  { prefix: "glpat-", accepts: base64url, min: 20 },
  { prefix: "xoxb-", accepts: dashed, min: 20 },
  { prefix: "xoxp-", accepts: dashed, min: 20 },
  { prefix: "xoxa-", accepts: dashed, min: 20 },
  { prefix: "xoxr-", accepts: dashed, min: 20 },
  { prefix: "xoxs-", accepts: dashed, min: 20 },
  { prefix: "xapp-", accepts: dashed, min: 20 },
  { prefix: "sk_live_", accepts: alphanumeric, min: 16 },
  { prefix: "sk_test_", accepts: alphanumeric, min: 16 },
  { prefix: "rk_live_", accepts: alphanumeric, min: 16 },
  { prefix: "rk_test_", accepts: alphanumeric, min: 16 },
  { prefix: "AIza", accepts: base64url, min: 35 },
  { prefix: "sk-ant-", accepts: base64url, min: 24 },
  { prefix: "sk-proj-", accepts: base64url, min: 24 },
  { prefix: "sk-svcacct-", accepts: base64url, min: 24 },
  { prefix: "sk-", accepts: base64url, min: 20, weak: true },
  { prefix: "SG.", accepts: jwt, min: 60, weak: true, shape: /^[\w-]{16,}\.[\w-]{32,}/ },
  { prefix: "SK", accepts: hex, min: 32, exact: true, weak: true },
  { prefix: "npm_", accepts: alphanumeric, min: 36 },
  { prefix: "pypi-", accepts: base64url, min: 50 },
  { prefix: "hf_", accepts: alphanumeric, min: 30, weak: true },
  { prefix: "GOCSPX-", accepts: base64url, min: 24 },
  { prefix: "shpat_", accepts: hex, min: 32, exact: true },
  { prefix: "dop_v1_", accepts: hex, min: 64, exact: true },
  { prefix: "AccountKey=", accepts: base64, min: 60 },
  { prefix: "eyJ", accepts: jwt, min: 30, max: 600, weak: true, shape: JWT },
];
