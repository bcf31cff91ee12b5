import { FIND_NAMES, quoted, valueWords } from "./_shell_words.ts";
import type { CommandWords } from "./command_words.ts";

/** A script for bash 3.2 and later that completes `countersign` (`complete -F`). It runs nothing of ours. */
export function bashScript(commands: readonly CommandWords[]): string {
  return `# Completes countersign in bash: source <(countersign completion bash)
${FIND_NAMES}
_countersign_words() {
  case "$1" in
${commands.map(({ path, ...one }) => `    ${quoted(path)}) echo ${quoted(wordsOf(one).join(" "))};;`).join("\n")}
  esac
}
_countersign() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word next
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$word" in -*) ;; *) [ -n "$(_countersign_words "$next")" ] && path="$next";; esac
  done
  COMPREPLY=()
  case "$path $prev" in
${valueCases(commands)}
  esac
  case "$cur" in
    -*) ;;
    *) case "$path" in
${operandCases(commands)}
    esac;;
  esac
  COMPREPLY=($(compgen -W "$(_countersign_words "$path")" -- "$cur"))
}
complete -o default -F _countersign countersign
`;
}

function wordsOf({ commands, options }: Pick<CommandWords, "commands" | "options">): readonly string[] {
  return [...commands, ...options].map(({ word }) => word);
}

function valueCases(commands: readonly CommandWords[]): string {
  return commands
    .flatMap(({ path, options }) =>
      options.flatMap(({ word, takesValue, values }) => {
        if (!takesValue) return [];
        const words = valueWords(values);
        // Without any, bash's own completion of files.
        const reply = words === undefined ? "" : ` COMPREPLY=($(compgen -W "${words}" -- "$cur"));`;
        return [`    ${quoted(`${path} ${word}`)})${reply} return;;`];
      }),
    )
    .join("\n");
}

function operandCases(commands: readonly CommandWords[]): string {
  return commands
    .flatMap(({ path, operands }) => {
      const words = valueWords(operands);
      if (operands === undefined) return [];
      const reply = words === undefined ? "" : ` COMPREPLY=($(compgen -W "${words}" -- "$cur"));`;
      return [`      ${quoted(path)})${reply} return;;`];
    })
    .join("\n");
}
