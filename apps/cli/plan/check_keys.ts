import { type ApiKey, MultiMailError, probeScopes } from "@countersign/multimail";
import type { Access, KeyedClient } from "./access.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** What is known of a key: its scopes as MultiMail lists them, or which of the dangerous ones it turned out to have. */
type Scopes = { readonly complete: boolean; readonly names: ReadonlySet<string> };

/**
 * Whether each key may do what it is for, and no more: MultiMail's list of keys says so to an admin key; without one,
 * each key is tried where nothing can happen.
 */
export async function checkKeys(access: Access): Promise<readonly Diagnosis[]> {
  const listed = await listKeys(access);
  const { oversight } = access;
  const findings = await Promise.all([
    ...[...access.serving.values()].map((keyed) =>
      checkKey(keyed, listed, (scopes) => judgeServing(keyed, access, scopes)),
    ),
    oversight && checkKey(oversight, listed, (scopes) => judgeOversight(oversight, scopes)),
  ]);
  return findings.flatMap((found) => found ?? []);
}

async function listKeys({ admin }: Access): Promise<readonly ApiKey[]> {
  try {
    return (await admin?.client.listApiKeys()) ?? [];
  } catch {
    // The keys are tried one by one instead.
    return [];
  }
}

async function checkKey(
  keyed: KeyedClient,
  listed: readonly ApiKey[],
  judge: (scopes: Scopes) => readonly Diagnosis[],
): Promise<readonly Diagnosis[]> {
  const what = keyed.variable;
  try {
    await keyed.client.getAccount();
    const scopes = scopesIn(listed, keyed.key) ?? {
      complete: false,
      names: await probeScopes(keyed.client),
    };
    const findings = judge(scopes);
    if (findings.length > 0) return findings;
    const message = scopes.complete
      ? `MultiMail takes the key; its scopes are ${[...scopes.names].join(", ")}`
      : "MultiMail takes the key; it has neither the scope admin nor, as far as can be seen, one too many";
    return [{ what, level: "ok", message }];
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const todo =
      error.code === "auth"
        ? `Put a key of this account into ${what}`
        : "Look whether MultiMail can be reached";
    return [{ what, level: "problem", message: error.message, todo }];
  }
}

/** The scopes of the one active key that begins as the list says; undefined: the list does not tell. */
function scopesIn(listed: readonly ApiKey[], key: string): Scopes | undefined {
  const [found, ...others] = listed.filter(({ prefix = "", isActive }) => {
    const start = prefix.replace(/[.…*]+$/, "");
    return isActive !== false && start.length >= 8 && key.startsWith(start);
  });
  return found === undefined || others.length > 0
    ? undefined
    : { complete: true, names: new Set(found.scopes) };
}

function judgeServing(
  { variable: what, key }: KeyedClient,
  { admin }: Access,
  scopes: Scopes,
): readonly Diagnosis[] {
  const { complete, names } = scopes;
  const todo = `Make a key with the scopes read and send only, and put it into ${what}`;
  if (names.has("admin")) {
    const message =
      key === admin?.key
        ? "The gateway would serve with the admin key: whoever gets into it may change every mailbox"
        : "The key that serves has the scope admin: whoever gets into the gateway may change every mailbox";
    return [{ what, level: "warning", message, todo }];
  }
  const findings: Diagnosis[] = [];
  if (names.has("oversight")) {
    const message = "The key that serves has the scope oversight: it could approve what it sends itself";
    findings.push({ what, level: "warning", message, todo });
  }
  const lacking = complete ? ["read", "send"].filter((scope) => !names.has(scope)) : [];
  if (lacking.length > 0) {
    const message = `The key lacks the scope ${lacking.join(" and ")}`;
    findings.push({ what, level: "problem", message, todo });
  }
  return findings;
}

function judgeOversight({ variable: what }: KeyedClient, { complete, names }: Scopes): readonly Diagnosis[] {
  const todo = `Make a key with the scopes read and oversight only, and put it into ${what}`;
  if (names.has("admin") || (names.has("send") && names.has("oversight"))) {
    const message = "The key for approvals may do more than approve: it has the scope admin, or send as well";
    return [{ what, level: "warning", message, todo }];
  }
  if (complete && !names.has("oversight")) {
    return [{ what, level: "problem", message: "The key for approvals lacks the scope oversight", todo }];
  }
  return [];
}
