import { defaultOversight, OVERSIGHT_MODES, type OversightMode } from "../oversight_mode.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { entriesAt } from "./_entries_at.ts";

/** The mode that a team's file declares, or the default. Nothing when what it declares is no mode. */
export function effectiveOversight(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): OversightMode | undefined {
  const [declared] = entriesAt(team, "oversight");
  if (declared !== undefined) return asMode(declared.value);
  return defaultOversight(
    organisation && asMode(entriesAt(organisation, "oversight.most_permissive")[0]?.value),
  );
}

/** Whether MultiMail holds email for a person under a mode. */
export function isGated(mode: OversightMode | undefined): boolean {
  return mode === "gated_all" || mode === "gated_send";
}

function asMode(value: unknown): OversightMode | undefined {
  return OVERSIGHT_MODES.find((mode) => mode === value);
}
