import { type Environment, isLoopback, parseEnv } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "public url";

/** People, Dust and MultiMail can reach the gateway where `PUBLIC_URL` says, and keys do not travel in clear. */
export async function checkPublicUrl(env: Environment): Promise<readonly Diagnosis[]> {
  const { publicUrl, multimailWebhookSecret, multimailApiUrl, host } = parseEnv(env, [
    "publicUrl",
    "multimailWebhookSecret",
    "multimailApiUrl",
    "host",
  ]);
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = isLoopback(hostname);
  const findings: Diagnosis[] = [];
  if (!isLocal && protocol === "http:") {
    const message = `${publicUrl} is not https: assistants' keys would cross the network in clear`;
    findings.push({
      what: WHAT,
      level: "problem",
      message,
      todo: "Set PUBLIC_URL to the https address of the proxy before the gateway",
    });
  }
  if (isLocal && !isLoopback(host)) {
    const message = `The gateway listens on ${host}, but ${publicUrl} is for this machine only`;
    findings.push({
      what: WHAT,
      level: "warning",
      message,
      todo: "Set PUBLIC_URL to how others reach the gateway",
    });
  }
  if (isLocal && multimailWebhookSecret !== undefined && multimailApiUrl.startsWith("https:")) {
    const message = `MultiMail cannot reach ${publicUrl} to tell its events`;
    findings.push({
      what: WHAT,
      level: "problem",
      message,
      todo: "Set PUBLIC_URL, or unset MULTIMAIL_WEBHOOK_SECRET: the gateway then asks",
    });
  }
  return findings.length > 0 ? findings : [{ what: WHAT, level: "ok", message: publicUrl }];
}
