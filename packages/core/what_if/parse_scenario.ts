import { z } from "zod";
import { REQUEST_KEYS, SCENARIO_SHAPE, type Scenario } from "./scenario.ts";

const SCENARIO = z.strictObject(SCENARIO_SHAPE);

/**
 * Reads a scenario: `{send: {…}, given: {…}}`. A bare request, as the REST door takes it, is one to reply if it names a
 * `message_id`, a report if it holds one, and one to send otherwise.
 *
 * @throws {RangeError} that names what is wrong
 */
export function parseScenario(value: unknown): Scenario {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError("Cannot read the request: it must be a JSON object");
  }
  const isBare = !REQUEST_KEYS.some((key) => typeof Reflect.get(value, key) === "object" && !isReport(value));
  if (isBare) return { ["message_id" in value ? "reply" : isReport(value) ? "report" : "send"]: value };
  const parsed = SCENARIO.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RangeError(`Cannot read the request: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, " ")}`);
}

/** A bare report holds its figures under the same key as a scenario its report: `recipients` tells them apart. */
function isReport(value: object): boolean {
  return "report" in value && "recipients" in value;
}
