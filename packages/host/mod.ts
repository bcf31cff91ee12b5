export { ensureDataDir } from "./env/ensure_data_dir.ts";
export { isLoopback } from "./env/is_loopback.ts";
export {
  type NotifyTarget,
  type NotifyTargetOptions,
  type NotifyTargetResult,
  notifyTarget,
} from "./env/notify_target.ts";
export {
  describeSettings,
  EnvError,
  type Environment,
  parseEnv,
  type SettingDescription,
} from "./env/parse_env.ts";
export {
  type CheckpointDestination,
  type CheckpointWitness,
  CONSOLE_SETTINGS,
  type ConsoleSetting,
  GATEWAY_SETTINGS,
  type GatewaySettings,
  SETTING_VARIABLES,
  type Settings,
} from "./env/settings.ts";
export { cannotListen, HttpServer, type HttpServerOptions, type RequestListener } from "./http_server.ts";
export { type InParallelOptions, inParallel } from "./in_parallel.ts";
export { fetchIssuerKeys, type IssuerKeys, type PublicJwk } from "./issuer/fetch_issuer_keys.ts";
export { type FetchJsonOptions, fetchJson } from "./issuer/fetch_json.ts";
export { addAssistantKey } from "./keys/add_assistant_key.ts";
export { CONSOLE_VERIFIER_FILE } from "./keys/console_verifier_file.ts";
export { type AssistantKey, createAssistantKey, hashAssistantKey } from "./keys/create_assistant_key.ts";
export { existingKey, openKeyFile, parseKey } from "./keys/open_key_file.ts";
export { openSigningKey, SIGNING_KEY_FILE, type SigningKey } from "./keys/open_signing_key.ts";
export { readAssistantKeys } from "./keys/read_assistant_keys.ts";
export { removeAssistantKey } from "./keys/remove_assistant_key.ts";
export { type KeyRotation, rotateSigningKey } from "./keys/rotate_signing_key.ts";
export { changeTeamFile, changeTeamFileAlone } from "./teams/change_team_file.ts";
export { hashTeams } from "./teams/hash_teams.ts";
export { type LoadManyTeamsOptions, loadManyTeams } from "./teams/load_many_teams.ts";
export { type LoadSettledTeamsOptions, loadSettledTeams } from "./teams/load_settled_teams.ts";
export { type LoadTeamsOptions, loadTeams } from "./teams/load_teams.ts";
export { type LoadTeamsInThreadOptions, loadTeamsInThread } from "./teams/load_teams_in_thread.ts";
export { type SeenFile, SeenTeams, type TeamsLook, type TeamsSign } from "./teams/seen_teams.ts";
export { VERSION } from "./version.ts";
