/** Why a text is no address that may be used, by reason. No message repeats the text: it may be hostile or private. */
export const REFUSALS = {
  too_long: "Address must not be longer than 1000 characters",
  empty: "Address must not be empty",
  hidden_character: "Address must not contain control, invisible or text-direction characters",
  comment:
    "Address must have parentheses only in a name before <…>, in pairs and around no address: mail programs disagree about what a comment hides",
  square_bracket:
    "Address must have square brackets only in a name before <…>, in pairs and around no address: an IP address in place of a domain is not accepted",
  html_entity: "Address must not contain HTML entities: write the characters themselves",
  source_route: "Address must not name relays to pass through (a source route)",
  group: 'Address must not contain ":", as a group or a URL does: list each recipient by itself',
  list: "Address must be one address: list each recipient by itself, and put a name with a comma in quotes",
  quote: "Address must not contain a backslash or an unclosed quote",
  angle_bracket: "Address must have one pair of angle brackets at most, at its end",
  display_name:
    'Display name that contains another "@" than the address itself must be in quotes, or be left out',
  no_at: 'Address must contain an "@"',
  many_ats: 'Address must contain only one "@"',
  quoted_local: 'Address must not need quotes before the "@"',
  local_empty: 'Address must have a name before the "@"',
  local_not_ascii:
    'Address must have only ASCII characters before the "@": an accented name has several spellings, and most mail systems take none',
  local_character: 'Address must have only letters, digits, dots and #$&\'+-/=?^_`{|}~ before the "@"',
  local_dots:
    'Address must not begin or end with a dot before the "@", nor have two in a row: some mail systems would drop the dot, and write to somebody else',
  local_too_long: 'Address must not have more than 64 characters before the "@"',
  encoded_word: 'Address must not contain an encoded word ("=?") before the "@"',
  route_character: 'Address must not contain "%" or "!" before the "@": relays read them as a route',
  wildcard: 'Address must not contain "*": it names one mailbox, not a pattern',
  domain_empty: 'Address must have a domain after the "@"',
  domain_character: "Domain must have only letters, digits, hyphens and dots",
  domain_dots: "Domain must not begin with a dot, nor have two in a row",
  domain_single_label: "Domain must have at least two parts, as in partner.example",
  domain_hyphen: "Domain must not have a part that begins or ends with a hyphen",
  domain_top_level: "Domain must end in a name that begins with a letter: an IP address is not accepted",
  domain_too_long: "Domain must not be longer than 253 characters, nor a part of it longer than 63",
  domain_international: "Domain must be valid as an internationalised domain name (UTS #46)",
  address_too_long: "Address must not be longer than 254 characters",
} as const;

/** The name of a reason in {@linkcode REFUSALS}. */
export type Refusal = keyof typeof REFUSALS;
