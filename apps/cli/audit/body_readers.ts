import { parseEnv } from "@countersign/host";
import { type AccessData, Sealer, type TrailStore } from "@countersign/trail";
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
  const sealer = new Sealer();
  const data: AccessData = {
    result: isReader ? "granted" : "refused",
    asked,
    over: "cli",
    by: sealer.seal("text", person),
    reason: sealer.seal("text", reason),
  };
  const { team = null, assistant = null } = first?.record ?? {};
  await trail.append({
    kind: "access",
    at: Date.now(),
    team,
    assistant,
    receipt: receipt ?? null,
    policy: null,
    data,
    sealed: sealer.values,
  });
  if (!isReader) throw new Error(`Cannot show bodies to "${person}": ${REMEDY}`);
}

const REMEDY = "AUDIT_BODY_READERS must name whoever may see them; that they were asked for is on record";
