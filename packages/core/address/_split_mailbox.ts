import type { Refusal } from "./_refusals.ts";

/** A mailbox in its two parts, neither of them checked. */
export interface SplitMailbox {
  readonly local: string;
  readonly domain: string;
}

/** Finds the mailbox in `a@b.example`, `<a@b.example>` or `Name <a@b.example>` (RFC 5322, 3.4), refusing what can be read in two ways. */
export function splitMailbox(text: string): SplitMailbox | Refusal {
  if (text.length > 1000) return "too_long";
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed === "") return "empty";
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(trimmed)) return "hidden_character";

  // The same text with what is in quotes blanked, so that a quoted "<" or "," counts for nothing.
  const bare = trimmed.replace(/"(?:[^"\\]|\\.)*"/gu, (quoted) => "_".repeat(quoted.length));
  if (/["\\]/.test(bare)) return "quote";
  if (/[()]/.test(bare)) return "comment";
  if (/[[\]]/.test(bare)) return "square_bracket";
  if (/&(?:#\w+|\w+);/.test(bare)) return "html_entity";
  if (/(?:^|<) *@[^<>]*:/.test(bare)) return "source_route";
  if (bare.includes(":")) return "group";
  if (/[,;]/.test(bare)) return "list";

  const open = bare.indexOf("<");
  if (open === -1) return bare.includes(">") ? "angle_bracket" : splitAt(trimmed);
  if (bare.indexOf("<", open + 1) !== -1 || bare.indexOf(">") !== bare.length - 1) return "angle_bracket";
  if (bare.lastIndexOf("@", open) !== -1) return "display_name";
  return splitAt(trimmed.slice(open + 1, -1).replace(/^ +| +$/g, ""));
}

/** Splits `local@domain`, taking the quotes off a local part that does not need them (RFC 5321, 4.1.2). */
function splitAt(mailbox: string): SplitMailbox | Refusal {
  const quoted = /^"([^"]*)"(?=@)/.exec(mailbox);
  if (mailbox.includes('"') && !/^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(quoted?.[1] ?? "")) return "quoted_local";
  const unquoted = quoted ? `${quoted[1]}${mailbox.slice(quoted[0].length)}` : mailbox;
  const at = unquoted.indexOf("@");
  if (at === -1) return "no_at";
  if (unquoted.includes("@", at + 1)) return "many_ats";
  return { local: unquoted.slice(0, at), domain: unquoted.slice(at + 1) };
}
