export { addAssistantKey } from "./add_assistant_key.ts";
export { type AssistantKey, createAssistantKey } from "./create_assistant_key.ts";
export { ensureDataDir } from "./ensure_data_dir.ts";
export { EnvError } from "./env_error.ts";
export { hashAssistantKey } from "./hash_assistant_key.ts";
export { loadTeams } from "./load_teams.ts";
export { parseEnv } from "./parse_env.ts";
export type { Settings } from "./settings.ts";
