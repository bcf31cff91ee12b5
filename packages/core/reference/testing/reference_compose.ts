import { type Action, isEmailAction, type RecipientField } from "../../action/mod.ts";
import type { Context } from "../../decision/mod.ts";
import type { ComposeText } from "./read_files.ts";

/** What every email of the team gets, as far as the policy language's document says. */
export interface ReferenceComposed {
  readonly subject: string;
  readonly markdown: string;
  /** Keys of addresses. */
  readonly copies: readonly { readonly field: RecipientField; readonly key: string }[];
}

/** "compose: what every email of the team gets, before it is judged": written again, slowly, from the document. */
export function referenceCompose(
  { prefix, footers, copies }: ComposeText,
  action: Action,
  { original }: Context,
): ReferenceComposed {
  if (!isEmailAction(action)) return { subject: "", markdown: "", copies: [] };
  const { subject, markdown } = action.draft;
  // "`subject_prefix` … do[es] not apply to replies (MultiMail writes their subject)": "not twice in a reply".
  const isPrefixed = action.name === "reply" || beginsWith(withoutAnswers(subject), prefix);
  // "cc/bcc": nobody gets it twice.
  const reached = [
    ...action.recipients,
    ...(action.name === "reply" && original?.ok ? original.participants : []),
  ].flatMap(({ parsed }) => (parsed.ok ? [parsed.address.key] : []));
  return {
    subject: isPrefixed ? subject : `${prefix}${subject}`,
    markdown: withFooters(markdown, footers),
    copies: copies.filter(({ key }) => !reached.includes(key)),
  };
}

function withoutAnswers(subject: string): string {
  const answer = /^\s*(re|fwd?|aw|wg|tr|sv|rv|vs|antw)(\[\d+\])?:/i;
  let rest = subject;
  while (answer.test(rest)) rest = rest.replace(answer, "");
  return rest;
}

/** Word by word, whatever the case; the last word of the prefix may run into signs, not into letters. */
function beginsWith(subject: string, prefix: string): boolean {
  const words = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const [have, want] = [words(subject), words(prefix)];
  return want.every((word, index) => {
    const got = have[index] ?? "";
    if (index < want.length - 1 || !got.startsWith(word)) return got === word;
    return got === word || !/\w$/.test(word) || !/^\w/.test(got.slice(word.length));
  });
}

/** "footer: markdown; not twice" */
function withFooters(markdown: string, footers: readonly string[]): string {
  const left = new Map(footers.map((footer) => [tidy(footer), footer]));
  const paragraphs = () => body.trimEnd().split(/\n{2,}/);
  let body = tidy(markdown);
  if (!mayHide(markdown)) {
    for (let count = 0; count < footers.length; count++) {
      const last = paragraphs().at(-1);
      if (last === undefined || !left.delete(last)) break;
      body = paragraphs().slice(0, -1).join("\n\n");
    }
  }
  return [markdown, ...left.values()].join("\n\n");
}

/** Without what nobody sees at the ends of lines. */
function tidy(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Whether HTML is left open that may hide what follows: what is closed is taken out, and something is left. */
export function mayHide(markdown: string): boolean {
  if (/<style/i.test(markdown)) return true;
  let rest = markdown.replace(/<!--[\s\S]*?-->/g, "");
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/<(\w+)[^<>]*>[^<]*<\/\1>/g, "");
  }
  return /<!--|<[a-z]/i.test(rest);
}
