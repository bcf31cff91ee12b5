import { z } from "zod";
import { KEY_FACTS } from "./_key_facts.ts";
import { organisationFileSchema } from "./organisation_file.ts";
import { teamFileSchema } from "./team_file.ts";

/** Which of the two files. */
export type PolicyFileKind = "team" | "organisation";

/** What reads each of them. */
export const FILE_SCHEMAS: Readonly<Record<PolicyFileKind, z.ZodType>> = {
  team: teamFileSchema,
  organisation: organisationFileSchema,
};

/** The JSON Schema (draft 7) of a team's or the organisation's file, for editors (yaml-language-server). */
export function editorSchema(kind: PolicyFileKind): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(FILE_SCHEMAS[kind], {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const fallback = KEY_FACTS.get(zodSchema)?.fallback;
      if (fallback !== undefined) jsonSchema.description += ` (default: ${fallback})`;
    },
  });
  return { ...schema };
}
