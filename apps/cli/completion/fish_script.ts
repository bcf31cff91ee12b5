import { ASSISTANTS_AWK, valueWords } from "./_shell_words.ts";
import type { CommandWords, Values } from "./command_words.ts";

/** A script for fish 3 that completes `countersign`, each word with what it is about. It runs nothing of ours. */
export function fishScript(commands: readonly CommandWords[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== "");
  return `# Completes countersign in fish: countersign completion fish | source
function __countersign_teams
  set -l folder teams
  set -q TEAMS_DIR; and set folder $TEAMS_DIR
  for file in $folder/*.yaml
    set -l name (string replace -r '.*/' '' $file)
    string match -qr '^_|_test\\.yaml$' $name; or string replace .yaml '' $name
  end
end
function __countersign_assistants
  set -l folder teams
  set -q TEAMS_DIR; and set folder $TEAMS_DIR
  for team in (__countersign_teams)
    awk -v team=$team '${ASSISTANTS_AWK}' $folder/$team.yaml
  end
end
function __countersign_at
  set -l path ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$path $word")
    contains -- $next ${paths.map(fishQuoted).join(" ")}; and set path $next
  end
  test "$path" = "$argv[1]"
end
complete -c countersign -f
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ path, commands, options, operands }: CommandWords): readonly string[] {
  const at = `complete -c countersign -n ${fishQuoted(`__countersign_at ${fishQuoted(path)}`)}`;
  return [
    ...commands.map(({ word, about }) => `${at} -a ${word} -d ${fishQuoted(about)}`),
    ...options.map(
      ({ word, about, takesValue, values }) =>
        `${at} -l ${word.slice(2)} -d ${fishQuoted(about)}${takesValue ? ` -r${listing(values)}` : ""}`,
    ),
    ...(operands === undefined ? [] : [`${at}${operands === "file" ? " -F" : listing(operands)}`]),
  ];
}

function listing(values: Values | undefined): string {
  if (values === "team" || values === "assistant") return ` -f -a "(__countersign_${values}s)"`;
  const words = valueWords(values);
  return words === undefined ? " -F" : ` -f -a ${fishQuoted(words)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
