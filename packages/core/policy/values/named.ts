/** Names a list of the file's or the organisation's: `group:suppliers`, `role:finance-leads`. */
export interface Named<K extends ListKind = ListKind> {
  readonly kind: K;
  readonly name: string;
}

/** What lists with a name hold: recipients, or people. */
export type ListKind = "group" | "role";

/** What is wrong with a name, or the name; nothing where the text is meant for something else. */
export type NamedResult<K extends ListKind> =
  | { readonly ok: true; readonly named: Named<K> }
  | { readonly ok: false; readonly message: string };

/** Reads `group:suppliers`; undefined where the text does not begin with the kind and a colon. */
export function parseNamed<K extends ListKind>(text: string, kind: K): NamedResult<K> | undefined {
  if (!text.startsWith(`${kind}:`)) return undefined;
  const name = text.slice(kind.length + 1);
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) return { ok: true, named: { kind, name } };
  return {
    ok: false,
    message: `Must be a ${kind}'s name after "${kind}:": lower-case letters, digits and hyphens, such as "${kind}:suppliers"`,
  };
}

/** Whether a value is the name of a list. */
export function isNamed<K extends ListKind>(value: object, kind: K): value is Named<K> {
  return "kind" in value && value.kind === kind;
}
