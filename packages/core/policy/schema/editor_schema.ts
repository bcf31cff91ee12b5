import { z } from "zod";
import { organisationFileSchema } from "./organisation_file.ts";
import { teamFileSchema } from "./team_file.ts";

/** The JSON Schema (draft 7) of a team's or the organisation's file, for editors (yaml-language-server). */
export function editorSchema(kind: "team" | "organisation"): Readonly<Record<string, unknown>> {
  const schema = kind === "team" ? teamFileSchema : organisationFileSchema;
  return { ...z.toJSONSchema(schema, { target: "draft-7", io: "input" }) };
}
