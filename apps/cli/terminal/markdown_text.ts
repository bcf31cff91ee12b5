/** Text for Markdown in which nothing is markup, a mention or a link. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, "\\$&").replaceAll("@", "@\u200b");
}
