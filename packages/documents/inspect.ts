import {
  type AttachmentJudgement,
  decodeBase64,
  type FileReading,
  judgeAttachment,
  scan,
} from "@countersign/core/content";
import type { Inspection, ScanOrder } from "@countersign/core/decision";
import { emailFiles } from "./read/read_email.ts";
import { readFile } from "./read/read_file.ts";

/** What is looked through, and when. */
export interface InspectJob extends ScanOrder {
  /** Epoch milliseconds. */
  readonly now: number;
}

const MAX_BYTES = 32_000_000;

/** Judges an email's files, reads them, and scans all that it says. Rejects only for bugs. */
export async function inspect({ draft, detectors, now }: InspectJob): Promise<Inspection> {
  const files: AttachmentJudgement[] = [];
  const readings: FileReading[] = [];
  for (const attachment of draft.attachments) {
    const { name, contentType, contentBase64 } = attachment;
    const bytes = decodeBase64(contentBase64, MAX_BYTES);
    const judgement = judgeAttachment(attachment);
    files.push(bytes === undefined ? judgement : await withEmailFiles(judgement, bytes));
    const isReadable =
      bytes !== undefined && judgement.readable && !judgement.unlisted && !judgement.encrypted;
    readings.push(isReadable ? await readFile({ name, bytes, contentType }) : { texts: [], complete: false });
  }
  return { ok: true, hits: scan(draft, detectors, { now, readings }), files };
}

/** An email's own attachments are as dangerous as if they were attached by themselves. */
async function withEmailFiles(
  judgement: AttachmentJudgement,
  bytes: Uint8Array,
): Promise<AttachmentJudgement> {
  if (judgement.actual !== "message/rfc822" && judgement.declared !== "message/rfc822") return judgement;
  const inner = await emailFiles(bytes);
  if (inner === undefined) return { ...judgement, ok: false, unlisted: true };
  const found = inner.map(({ name, content }) =>
    judgeAttachment({
      name,
      contentType: "application/octet-stream",
      contentBase64: Buffer.from(content).toString("base64"),
    }),
  );
  const any = (danger: "executable" | "encrypted" | "macros" | "active" | "unlisted") =>
    judgement[danger] || found.some((file) => file[danger]);
  const dangers = {
    executable: any("executable"),
    encrypted: any("encrypted"),
    macros: any("macros"),
    active: any("active"),
    unlisted: any("unlisted"),
  };
  return { ...judgement, ...dangers, ok: judgement.ok && !Object.values(dangers).includes(true) };
}
