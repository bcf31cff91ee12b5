import type { Values } from "./command_words.ts";

/** A program for awk that lists the assistants in a team's file, as `team/assistant`. */
export const ASSISTANTS_AWK: string =
  '/^[a-z_]+:/ { on = /^assistants:/ } on { line = $0; while (match(line, /(^|[ {,-])id: *[a-z][a-z0-9-]*/)) { word = substr(line, RSTART, RLENGTH); sub(/.*id: */, "", word); print team "/" word; line = substr(line, RSTART + RLENGTH) } }';

/** Functions for a POSIX shell that list teams and assistants by their files: completion must not wait for a program to start. */
export const FIND_NAMES: string = `_countersign_teams() {
  local file
  for file in "\${TEAMS_DIR:-teams}"/*.yaml; do
    file="\${file##*/}"
    case "$file" in _*|*_test.yaml|"*.yaml") ;; *) echo "\${file%.yaml}";; esac
  done
}
_countersign_assistants() {
  local team
  for team in $(_countersign_teams); do
    awk -v team="$team" '${ASSISTANTS_AWK}' "\${TEAMS_DIR:-teams}/$team.yaml"
  done
}`;

/** A word as a POSIX shell reads it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a shell lists for a value, within double quotes; undefined: files. */
export function valueWords(values: Values | undefined): string | undefined {
  if (values === undefined || values === "file") return undefined;
  if (values === "team") return "$(_countersign_teams)";
  return values === "assistant" ? "$(_countersign_assistants)" : values.join(" ");
}
