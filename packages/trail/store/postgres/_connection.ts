import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import pg from "pg";

/** For how long a connection is waited for, and an answer beyond the server's own limits. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 40_000;

const INT8 = 20;

/** Parts of a URL that the driver reads otherwise than it says: they are read here. */
const TLS_PARTS = ["ssl", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/**
 * What `pg` is to connect with. `sslmode` is honoured: `disable` (also when it is absent), `require` and `verify-full`
 * (both check certificate and host), `verify-ca`, `no-verify` (encrypts, and trusts whoever answers).
 *
 * @throws {Error} that does not show the URL, when it is none or asks for what there is not
 */
export function connectionOf(text: string, variable = "DATABASE_URL"): pg.PoolConfig {
  if (!/^postgres(?:ql)?:/.test(text) || !URL.canParse(text)) {
    throw new Error(`${variable} must be an address such as "postgres://user@host/database"`);
  }
  const url = new URL(text);
  const ssl = tlsOf(url.searchParams, variable);
  const own = url.searchParams.get("options");
  for (const name of [...TLS_PARTS, "options"]) url.searchParams.delete(name);
  return {
    connectionString: url.href,
    ssl,
    ...(own !== null && { options: own }),
    fallback_application_name: "countersign",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  };
}

function parserOf(oid: number, format?: "text" | "binary"): (value: never) => unknown {
  if (oid === INT8 && format !== "binary") return parseWhole;
  return pg.types.getTypeParser(oid, format as "text");
}

/** The driver would make text of it. */
function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a place in a trail`);
  return value;
}

function tlsOf(parts: URLSearchParams, variable: string): false | ConnectionOptions {
  const mode = parts.get("sslmode") ?? (/^(?:1|true)$/.test(parts.get("ssl") ?? "") ? "require" : "disable");
  const check = TLS_MODES[mode];
  if (check === undefined) {
    const modes = Object.keys(TLS_MODES).join(", ");
    throw new Error(`sslmode in ${variable} must be one of ${modes}, got "${mode}"`);
  }
  if (check === false) return false;
  const file = (name: string) => {
    const path = parts.get(name);
    return path === null ? undefined : readPem(path, `${name} in ${variable}`);
  };
  const [ca, cert, key] = ["sslrootcert", "sslcert", "sslkey"].map(file);
  return { ...check, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

const TLS_MODES: Readonly<Record<string, false | ConnectionOptions>> = {
  disable: false,
  require: { rejectUnauthorized: true },
  "verify-full": { rejectUnauthorized: true },
  "verify-ca": { rejectUnauthorized: true, checkServerIdentity: () => undefined },
  "no-verify": { rejectUnauthorized: false },
};

function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unknown";
    throw new Error(`Cannot read "${path}" (${what}): ${code}`);
  }
}
