import {
  ORGANISATION_FILE,
  type PolicyFileText,
  type PolicySet,
  shownFile,
  type Where,
} from "../../policy/mod.ts";
import type { PolicyDocument } from "../../policy/read/policy_document.ts";
import { readDocument } from "../../policy/read/read_document.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";

/** Groups, roles, lists of holidays and channels that no policy uses. */
export const unusedName: LintRule = {
  about: "a group, role, list of holidays or channel that nobody uses",
  find: ({ policies }) => {
    const documents = policies.files.flatMap((text) => readAgain(text, policies) ?? []);
    const common = documents.find(({ name }) => name === ORGANISATION_FILE);
    const uses = documents.map(usesIn);
    const all = new Set(uses.flatMap((one) => [...one]));
    return documents.flatMap((document, index) => {
      const used = document === common ? all : (uses[index] ?? all);
      return NAMED.flatMap(({ path, kind, use }) =>
        namesAt(document, path).flatMap((name): readonly LintFinding[] => {
          if (used.has(`${kind} ${name}`)) return [];
          const at = `${path}.${name}`;
          const where = document.keyPlaces.get(at) ?? document.places.get(at) ?? start(document);
          const message = `Nobody uses the ${kind} "${name}": write ${use(name)} where it is meant, or take it out`;
          return [{ where, path: at, message, isIdle: true }];
        }),
      );
    });
  },
};

interface NamedKind {
  readonly path: string;
  readonly kind: string;
  readonly use: (name: string) => string;
}

const NAMED: readonly NamedKind[] = [
  { path: "groups", kind: "group", use: (name) => `"group:${name}"` },
  { path: "roles", kind: "role", use: (name) => `"role:${name}"` },
  { path: "holidays", kind: "list of holidays", use: (name) => `"holidays: [${name}]" in hours` },
  { path: "notify.channels", kind: "channel", use: (name) => `"notify: ${name}" in a team's file` },
];

/** Everything that a file names, wherever it stands: `group suppliers`. */
function usesIn(document: PolicyDocument): ReadonlySet<string> {
  const uses = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === "string") {
      const [, kind, name] = /^(group|role):(.+)$/.exec(value) ?? [];
      if (kind !== undefined) uses.add(`${kind} ${name}`);
      else if (key === "holidays") uses.add(`list of holidays ${value}`);
      else if (key === "notify") uses.add(`channel ${value}`);
    } else if (Array.isArray(value)) {
      for (const one of value) visit(one, key);
    } else if (typeof value === "object" && value !== null) {
      for (const [inner, one] of Object.entries(value)) visit(one, inner);
    }
  };
  visit(document.value, "");
  return uses;
}

function namesAt(document: PolicyDocument, path: string): readonly string[] {
  let value: unknown = document.value;
  for (const step of path.split(".")) value = isMap(value) ? value[step] : undefined;
  return isMap(value) ? Object.keys(value) : [];
}

function readAgain({ name, text }: PolicyFileText, policies: PolicySet): PolicyDocument | undefined {
  const bytes = new TextEncoder().encode(text);
  return readDocument({ name, file: shownFile(policies, name), bytes }).document;
}

function start({ file }: PolicyDocument): Where {
  return { file, line: 1, column: 1 };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
