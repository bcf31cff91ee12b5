import { FIND_NAMES, quoted, valueWords } from "./_shell_words.ts";
import type { CommandWords, Word } from "./command_words.ts";

/** A script for zsh 5 that completes `countersign`, each word with what it is about. It runs nothing of ours. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef countersign
# Completes countersign in zsh, after compinit: source <(countersign completion zsh)
${FIND_NAMES}
_countersign_words() {
  case "$1" in
${commands.map((one) => `    ${quoted(one.path)}) reply=(${[...one.commands, ...one.options].map(described).join(" ")});;`).join("\n")}
    *) return 1;;
  esac
}
_countersign() {
  local path_="" word next
  local -a reply
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${path_:+$path_ }$word"
    [[ "$word" != -* ]] && _countersign_words "$next" && path_="$next"
  done
  case "$path_ \${words[CURRENT-1]}" in
${commands.flatMap(({ path, options }) => options.filter(({ takesValue }) => takesValue).map(({ word, values }) => `    ${quoted(`${path} ${word}`)}) ${listing(valueWords(values))}; return;;`)).join("\n")}
  esac
  if [[ "\${words[CURRENT]}" != -* ]]; then
    case "$path_" in
${commands.flatMap(({ path, operands }) => (operands === undefined ? [] : [`      ${quoted(path)}) ${listing(valueWords(operands))}; return;;`])).join("\n")}
    esac
  fi
  _countersign_words "$path_" && _describe -t words word reply
}
compdef _countersign countersign
`;
}

function listing(words: string | undefined): string {
  return words === undefined ? "_files" : `compadd -- \${=:-${words}}`;
}

function described({ word, about }: Word): string {
  return quoted(`${word}:${about.replaceAll(":", "\\:")}`);
}
