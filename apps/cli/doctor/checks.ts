import { checkCheckpoints } from "./check_checkpoints.ts";
import { checkConsole } from "./check_console.ts";
import { checkDataDir } from "./check_data_dir.ts";
import { checkDatabase } from "./check_database.ts";
import { checkDrift } from "./check_drift.ts";
import { checkEnvironment } from "./check_environment.ts";
import { checkMultimail } from "./check_multimail.ts";
import { checkNode } from "./check_node.ts";
import { checkNotices } from "./check_notices.ts";
import { checkPolicies } from "./check_policies.ts";
import { checkPublicUrl } from "./check_public_url.ts";
import { checkSignIn } from "./check_sign_in.ts";
import { checkSigningKey } from "./check_signing_key.ts";
import { checkTrail } from "./check_trail.ts";
import type { Check } from "./run_checks.ts";

/** Everything that `doctor` looks at, in the order in which it is shown. */
export const CHECKS: readonly Check[] = [
  { what: "environment", look: checkEnvironment },
  { what: "node", look: checkNode },
  { what: "public url", look: checkPublicUrl },
  { what: "policies", look: checkPolicies },
  { what: "data folder", look: checkDataDir },
  { what: "trail", look: checkTrail },
  { what: "signing key", look: checkSigningKey },
  { what: "checkpoints", look: checkCheckpoints },
  { what: "database", look: checkDatabase },
  { what: "sign-in", look: checkSignIn },
  { what: "console", look: checkConsole },
  { what: "multimail", look: checkMultimail },
  { what: "drift", look: checkDrift },
  { what: "notices", look: (env) => checkNotices(env) },
];
