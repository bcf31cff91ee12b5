/** What whoever runs the server can do about an error, by the code of the server (SQLSTATE), of Node or of TLS. */
const TODO: Readonly<Record<string, string>> = {
  "28P01": "correct the user or the password in DATABASE_URL",
  "28000": "let the role of DATABASE_URL in (pg_hba.conf), or correct DATABASE_URL",
  "3D000": "make that database, or correct the name in DATABASE_URL",
  "42501":
    'have the trail\'s owner run "countersign audit migrate --serve-as" with the role of DATABASE_URL, or name the owner there',
  "53100": "make room on the disk of the server of DATABASE_URL",
  "53300":
    "raise max_connections at the server of DATABASE_URL, or put PgBouncer before it: a gateway has up to ten sessions",
  "25006": "DATABASE_URL must name the primary: this server takes no writes",
  ECONNREFUSED: "start PostgreSQL there, or correct host and port in DATABASE_URL",
  ENOTFOUND: "correct the host in DATABASE_URL",
  EAI_AGAIN: "correct the host in DATABASE_URL, or the name service",
  EHOSTUNREACH: "correct the host in DATABASE_URL, or the way to it",
  ENETUNREACH: "correct the host in DATABASE_URL, or the way to it",
  ETIMEDOUT: "correct host and port in DATABASE_URL, or the way to it",
  ERR_TLS_CERT_ALTNAME_INVALID: "name the host in DATABASE_URL as its certificate does",
  CERT_HAS_EXPIRED: "renew the certificate of the server of DATABASE_URL",
  CERT_NOT_YET_VALID: "look whether this machine's clock is right",
  SELF_SIGNED_CERT_IN_CHAIN: "name the file of its authority as sslrootcert in DATABASE_URL",
  DEPTH_ZERO_SELF_SIGNED_CERT: "name the file of its certificate as sslrootcert in DATABASE_URL",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "name the file of its authority as sslrootcert in DATABASE_URL",
  UNABLE_TO_GET_ISSUER_CERT: "name the file of its authority as sslrootcert in DATABASE_URL",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "name the file of its authority as sslrootcert in DATABASE_URL",
  CERT_SIGNATURE_FAILURE: "name the file of its authority as sslrootcert in DATABASE_URL",
};

/** The driver's own errors have no code. */
const SAID: readonly (readonly [what: RegExp, todo: string])[] = [
  [
    /does not support SSL connections/,
    "set ssl = on there, or leave sslmode out of DATABASE_URL if it is on this machine",
  ],
  [
    /^(?:timeout expired|Connection terminated due to connection timeout|timeout exceeded when trying to connect)/,
    "correct host and port in DATABASE_URL; a PgBouncer in between needs a pool_size of ten for each gateway",
  ],
];

/** What can be done about an error of the driver at the database that `variable` names; undefined: nothing that could be told. */
export function whyNot(error: Error, variable: string): string | undefined {
  const code = "code" in error ? String(error.code) : "";
  const todo = TODO[code] ?? SAID.find(([what]) => what.test(error.message))?.[1];
  return todo?.replaceAll("DATABASE_URL", variable);
}
