import type { Refusal } from "./_refusals.ts";

/** A mailbox in its two parts, neither of them checked. */
export interface SplitMailbox {
  readonly local: string;
  readonly domain: string;
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
/** No sign that ends an aside or begins an address, and quotes in pairs: quotes or asides first, it reads the same. */
const INNER = '(?:[^()[\\]<>@\ufe6b\uff20"\\\\]|"[^()[\\]<>@\ufe6b\uff20"\\\\]*")';
const ROUND = `\\(${INNER}*\\)`;
const SQUARE = `\\[${INNER}*\\]`;
/** What programs put beside a name, balanced: `(Acme, Inc.)`, `[External]`, `(Sales (EMEA))`. */
const ASIDE = `\\((?:${INNER}|${ROUND}|${SQUARE})*\\)|\\[(?:${INNER}|${ROUND})*\\]`;
const QUOTES = new RegExp(QUOTED, "gu");
const QUOTES_AND_ASIDES = new RegExp(`${QUOTED}|${ASIDE}`, "gu");

/** Persian and Indic writing and emoji join letters with these; what they stand between is shown as it is. */
const JOINERS = /[\u200c\u200d]/g;
/** The sign, and those that become it when a text is normalised (NFKC). */
const AT = /[@\ufe6b\uff20]/;

/**
 * Finds the mailbox in `a@b.example`, `<a@b.example>` or `Name <a@b.example>` (RFC 5322, 3.4), refusing what can be read
 * in two ways. Before the brackets, balanced asides (`Ann Lee (Acme) <…>`) and the very address say nothing new.
 */
export function splitMailbox(text: string): SplitMailbox | Refusal {
  if (text.length > 1000) return "too_long";
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed === "") return "empty";
  const unquoted = trimmed.replace(QUOTES, blank);
  const angle = unquoted.lastIndexOf("<");
  const name = trimmed.slice(0, Math.max(angle, 0));
  const rest = trimmed.slice(name.length);
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name.replace(JOINERS, "") + rest)) return "hidden_character";

  // The same text with what counts for nothing blanked: what is in quotes, and beside or instead of a name.
  const bare = withoutAddress(name, rest).replace(QUOTES_AND_ASIDES, blank) + unquoted.slice(name.length);
  if (/["\\]/.test(bare)) return "quote";
  if (/[()]/.test(bare)) return "comment";
  if (/[[\]]/.test(bare)) return "square_bracket";
  if (/&(?:#\w+|\w+);/.test(unquoted)) return "html_entity";
  if (/(?:^|<) *@[^<>]*:/.test(bare)) return "source_route";
  if (bare.includes(":")) return "group";
  if (/[,;]/.test(bare)) return "list";

  const open = bare.indexOf("<");
  if (open === -1) return bare.includes(">") ? "angle_bracket" : splitAt(trimmed);
  if (bare.indexOf("<", open + 1) !== -1 || bare.indexOf(">") !== bare.length - 1) return "angle_bracket";
  if (AT.test(bare.slice(0, open))) return "display_name";
  return splitAt(trimmed.slice(open + 1, -1).replace(/^ +| +$/g, ""));
}

function blank(text: string): string {
  return "_".repeat(text.length);
}

/** The name without the address that follows it in brackets: alone, in apostrophes as Outlook writes it, or in an aside. */
function withoutAddress(name: string, rest: string): string {
  const address = rest.slice(1, -1).trim().toLowerCase();
  const isIt = (text: string): boolean => address !== "" && text.trim().toLowerCase() === address;
  const alone = /^ *(['‘]?)(.*?)(['’]?) *$/u.exec(name);
  if (isIt(alone?.[2] ?? "") && (alone?.[1] === "") === (alone?.[3] === "")) return blank(name);
  return name.replace(/\(([^()]*)\)/g, (aside, inner: string) => (isIt(inner) ? blank(aside) : aside));
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
