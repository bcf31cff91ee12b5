import { parseEnv } from "@countersign/host";
import { type AccessData, accessEntry, type TrailStore } from "@countersign/trail";
import { personName } from "../terminal/person_name.ts";

/** Which bodies are asked for, and why. */
export interface BodyRequest {
  readonly asked: AccessData["asked"];
  /** Whose; absent: not those of one receipt. */
  readonly receipt?: string;
  readonly reason: string;
}

/**
 * Lets bodies be seen only by whom `AUDIT_BODY_READERS` names, and only when it is on record that they asked: the record
 * is durable when the promise resolves. A refusal is recorded too. Who is signed in is whom the operating system says.
 *
 * @throws {Error} that says what to do, when this person may not see them
 * @throws {TrailUnavailableError} when it cannot be recorded: then nobody may
 */
export async function requireBodyReader(
  trail: TrailStore,
  { asked, receipt, reason }: BodyRequest,
): Promise<void> {
  const person = personName();
  const isReader = parseEnv(process.env, ["auditBodyReaders"]).auditBodyReaders.includes(person);
  const [first] = receipt === undefined ? [] : await trail.recordsOf(receipt);
  const { team = null, assistant = null } = first?.record ?? {};
  const result = isReader ? "granted" : "refused";
  await trail.append(
    accessEntry(
      { result, asked, over: "cli", by: person, reason },
      { at: Date.now(), team, assistant, receipt: receipt ?? null },
    ),
  );
  if (!isReader) throw new Error(`Cannot show bodies to "${person}": ${REMEDY}`);
}

const REMEDY = "AUDIT_BODY_READERS must name whoever may see them; that they were asked for is on record";
