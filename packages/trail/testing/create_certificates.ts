import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An authority of one test, and certificates for 127.0.0.1 that it signed. Files of PEM. */
export interface TestCertificates {
  readonly folder: string;
  readonly authority: string;
  /** Of another authority, which signed none of them. */
  readonly stranger: string;
  readonly valid: CertificateFiles;
  /** Of yesterday. */
  readonly expired: CertificateFiles;
}

/** What a server is given. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Makes them with OpenSSL. Keys belong to the user of this id, as PostgreSQL wants; the folder is the caller's to remove. */
export function createCertificates(owner: number): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), "trail-tls-"));
  chmodSync(folder, 0o755);
  const openssl = (line: string) => execFileSync("openssl", line.split(" "), { cwd: folder, stdio: "pipe" });
  const newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1");
  for (const name of ["authority", "stranger"])
    openssl(`req -x509 ${newKey} -keyout ${name}.key -out ${name}.pem -days 2 -subj /CN=${name}`);
  const sign = (name: string, days: number): CertificateFiles => {
    openssl(`req ${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=database`);
    openssl(
      `x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days ${days} -extfile names -out ${name}.pem`,
    );
    const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    chmodSync(key, 0o600);
    if (process.getuid?.() === 0) chownSync(key, owner, -1);
    return { certificate, key };
  };
  return {
    folder,
    authority: join(folder, "authority.pem"),
    stranger: join(folder, "stranger.pem"),
    valid: sign("valid", 2),
    expired: sign("expired", -1),
  };
}
