/** A text as YAML: plain where it cannot be read as anything else, quoted elsewhere. */
export function yamlText(text: string): string {
  const isWord =
    /^[A-Za-z](?:[\w .'@/()-]*[\w.)])?$/.test(text) && !/^(?:true|false|null|y|yes|n|no|on|off)$/i.test(text);
  return isWord ? text : JSON.stringify(text);
}

/** Texts as a YAML list in brackets. */
export function yamlList(texts: readonly string[]): string {
  return `[${texts.map(yamlText).join(", ")}]`;
}
