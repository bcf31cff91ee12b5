import type { AssistantRef, PolicySet } from "@countersign/core/policy";
import type { TokenRefusal } from "./judge_claims.ts";
import type { SignIn } from "./sign_in.ts";

/** An assistant's own address, at which people sign in to it (RFC 9728). */
export interface ProtectedResource {
  /** What tokens for it name as their audience (RFC 8707). */
  readonly url: string;
  /** Where it is described. */
  readonly metadataUrl: string;
}

/** The address of an assistant below the gateway's own. */
export function protectedResource(
  { publicUrl }: Pick<SignIn, "publicUrl">,
  { team, assistant }: AssistantRef,
): ProtectedResource {
  const path = `/mcp/${team}/${assistant}`;
  return {
    url: publicUrl + path,
    metadataUrl: `${publicUrl}/.well-known/oauth-protected-resource${path}`,
  };
}

/**
 * Whether an assistant is served at an address of its own: a token proves a person and no assistant, so its policy must say
 * who may use it.
 */
export function takesSignIn({ teams }: PolicySet, { team, assistant }: AssistantRef): boolean {
  const users = teams.get(team)?.assistants.get(assistant)?.users;
  return users !== undefined && users.allow.length + users.claims.length > 0;
}

/** What clients are told of it (RFC 9728 section 2). */
export function resourceMetadata({ url }: ProtectedResource, { issuer, scope }: SignIn): unknown {
  return {
    resource: url,
    authorization_servers: [issuer],
    scopes_supported: [scope],
    bearer_methods_supported: ["header"],
  };
}

/**
 * The header `WWW-Authenticate` of a refusal (RFC 6750 section 3, RFC 9728 section 5.1).
 *
 * @param code absent: no token came
 */
export function challenge(
  { metadataUrl }: ProtectedResource,
  { scope }: Pick<SignIn, "scope">,
  code?: TokenRefusal["code"],
): string {
  const parts = [
    `resource_metadata="${metadataUrl}"`,
    ...(code === undefined ? [] : [`error="${code}"`]),
    ...(code === "insufficient_scope" ? [`scope="${scope}"`] : []),
  ];
  return `Bearer ${parts.join(", ")}`;
}
