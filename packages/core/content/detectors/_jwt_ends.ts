import { decodeBase64 } from "../embedded/decode_base64.ts";

const WEEK_S = 7 * 86_400;
const MAX_BYTES = 4000;

/** Whether a JSON Web Token says that it ends within a week: of being issued (RFC 7519, `iat`), or of `now`, in epoch milliseconds. */
export function jwtEnds(token: string, now: number | undefined): boolean {
  const payload = decodeBase64(token.split(".")[1] ?? "", MAX_BYTES);
  if (payload === undefined) return false;
  const text = new TextDecoder().decode(payload);
  const end = numberOf(text, "exp");
  const start = numberOf(text, "iat") ?? (now === undefined ? undefined : now / 1000);
  return end !== undefined && start !== undefined && end - start <= WEEK_S;
}

function numberOf(json: string, name: "exp" | "iat"): number | undefined {
  const found = new RegExp(`"${name}"\\s*:\\s*(\\d{9,11})`).exec(json)?.[1];
  return found === undefined ? undefined : Number(found);
}
