import {
  type Environment,
  fetchIssuerKeys,
  parseEnv,
  SETTING_VARIABLES,
  type Settings,
} from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "sign-in";

/** Mean nothing by themselves. */
const BESIDE_ISSUER = [
  "oauthAudience",
  "oauthClients",
  "oauthGroupsClaim",
  "oauthTrustedDomains",
  "oauthIntrospectionUrl",
] as const satisfies readonly (keyof Settings)[];

/** Whether the issuer of `OAUTH_ISSUER` can be reached, calls itself so, and publishes keys. */
export async function checkSignIn(env: Environment): Promise<readonly Diagnosis[]> {
  const { oauthIssuer } = parseEnv(env, ["oauthIssuer"]);
  if (oauthIssuer === undefined) {
    const idle = BESIDE_ISSUER.map((name) => SETTING_VARIABLES[name]).filter((name) => env[name]);
    if (idle.length > 0) {
      const message = `${idle.join(", ")} ${idle.length === 1 ? "means" : "mean"} nothing without OAUTH_ISSUER`;
      return [{ what: WHAT, level: "warning", message, todo: "Set OAUTH_ISSUER, or unset the others" }];
    }
    const message = "OAUTH_ISSUER is not set: nobody signs in, and keys tell who calls";
    return [{ what: WHAT, level: "ok", message }];
  }
  try {
    const { metadataUrl, keys } = await fetchIssuerKeys(oauthIssuer);
    const message = `${oauthIssuer} publishes ${keys.length} ${keys.length === 1 ? "key" : "keys"} (${metadataUrl})`;
    return [{ what: WHAT, level: "ok", message }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const todo =
      "Set OAUTH_ISSUER to the issuer exactly as it calls itself in its metadata, and see whether this machine may call out";
    return [{ what: WHAT, level: "problem", message, todo }];
  }
}
