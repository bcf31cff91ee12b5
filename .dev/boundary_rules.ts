import type { IForbiddenRuleType } from "dependency-cruiser";

/** Which of our packages each may import. Apps are the ends of the graph: only their one start function is imported, and what describes them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/multimail": ["packages/core"],
  "packages/trail": ["packages/core"],
  "packages/documents": ["packages/core"],
  "packages/host": ["packages/core"],
  "packages/lifecycle": [
    "packages/core",
    "packages/documents",
    "packages/multimail",
    "packages/trail",
    "packages/host",
  ],
  "packages/actions": [],
  "apps/sandbox": ["packages/core", "packages/host"],
  "apps/gateway": [
    "packages/core",
    "packages/documents",
    "packages/multimail",
    "packages/trail",
    "packages/host",
    "packages/lifecycle",
  ],
  "apps/console": [
    "packages/core",
    "packages/documents",
    "packages/multimail",
    "packages/trail",
    "packages/host",
    "packages/lifecycle",
  ],
  "apps/cli": [
    "packages/core",
    "packages/documents",
    "packages/multimail",
    "packages/trail",
    "packages/host",
    "packages/lifecycle",
    "packages/actions",
    "apps/gateway",
    "apps/console",
    "apps/sandbox",
  ],
};

/**
 * Rooms of a package, folders or files, from the lowest to the highest: none imports one above it. Those that are not
 * named lie above.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [
    "optional",
    "address",
    "action",
    "policy",
    "content",
    "overlap",
    "decision",
    "approval",
    "instructions",
    "explain",
    "what_if",
    "lint",
    "reference",
  ],
  "packages/multimail": [
    "multimail_error.ts",
    "codec",
    "wire",
    "webhooks",
    "transport",
    "multimail_client.ts",
  ],
  "packages/documents": ["read"],
  "packages/host": [
    "system_error.ts",
    "in_parallel.ts",
    "http_server.ts",
    "env",
    "issuer",
    "git",
    "teams",
    "keys",
  ],
  "packages/trail": [
    "record",
    "tree",
    "store",
    "checkpoint",
    "verify",
    "export",
    "erasure",
    "proof",
    "report",
  ],
  "packages/lifecycle": [
    "background.ts",
    "live_mailboxes.ts",
    "record",
    "email",
    "judging",
    "replay",
    "notices",
  ],
  "apps/gateway": [
    "background",
    "backpressure",
    "record",
    "enforce",
    "operations",
    "door",
    "identity",
    "policies",
    "checkpoints",
    "retention",
    "lifecycle",
    "notices",
    "reconcile",
    "judge_again",
    "webhooks",
    "rest",
    "mcp",
  ],
  "apps/console": [
    "log.ts",
    "policies_watch.ts",
    "store",
    "people",
    "oversight",
    "mailboxes",
    "waiting",
    "notices",
    "deciding",
    "beside",
    "console_world.ts",
    "security",
    "looks",
    "sign_in",
    "pages",
    "api",
    "create_app.tsx",
  ],
  "apps/sandbox": ["account", "wire", "http", "mail", "routes", "extras"],
  "apps/cli": [
    "command_entry.ts",
    "terminal",
    "completion",
    "shell",
    "policy",
    "keys",
    "audit",
    "replay",
    "init",
    "plan",
    "doctor",
    "demo",
    "commands",
  ],
};

/** The only homes of a library with which something outside is reached, as a pattern. */
const HOME_OF_LIBRARY: Readonly<Record<string, string>> = {
  undici: "packages/multimail",
  "better-sqlite3": "packages/trail|apps/console/store",
  "openid-client": "apps/console/sign_in",
  pg: "packages/trail",
  "postal-mime": "packages/documents",
  unpdf: "packages/documents",
  commander: "apps/cli",
};

/** What the pure core is built of: none of it knows a clock, a network or a file. */
const PURE = ["entities", "fflate", "re2js", "saxes", "tldts", "tr46", "yaml", "zod"];

/** Tests and what only they use: they play the client and the other side, and look further. */
const TESTS: string =
  "(?:_test|_bench|_suite)\\.tsx?$|/testing/|^packages/core/reference/|^apps/gateway/(?:crash|soak)/";

/** A rule; its comment is the message, in which `{from}` stands for the package and `{to}` for what is imported. */
type Rule = IForbiddenRuleType & { readonly name: string; readonly comment: string };

/** Where imports must not go. */
export const BOUNDARY_RULES: readonly Rule[] = [
  {
    name: "no-circle",
    comment: "Import of {to} closes a circle",
    from: {},
    to: { circular: true },
  },
  {
    name: "resolves",
    comment: "Import of {to} leads to nothing that its package exports",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "private",
    comment: "Import of {to}, which is private to its folder",
    from: { path: "^(.+)/[^/]+$" },
    to: { path: "(?:^|/)_[^/]+$", pathNot: "^$1/[^/]+$" },
  },
  {
    name: "tests",
    comment: "Import of {to}, which is for tests",
    from: { path: "^(?:packages|apps)/", pathNot: TESTS },
    to: { path: TESTS },
  },
  {
    name: "declared",
    comment: "Import of {to}, which is no dependency in its package.json",
    from: { path: "^(?:packages|apps)/", pathNot: TESTS },
    to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "npm-optional", "npm-bundled"] },
  },
  {
    name: "pure",
    comment: "Import of {to} in the pure core",
    from: { path: "^packages/core/", pathNot: TESTS },
    to: { pathNot: `^packages/[^/]+/(?!node_modules/)|(?:^|/)node_modules/(?:${PURE.join("|")})/` },
  },
  {
    name: "actions",
    comment: "Import of {to}: whoever imports the actions imports nothing else",
    from: { path: "^packages/actions/", pathNot: TESTS },
    to: { pathNot: "^packages/actions/" },
  },
  {
    name: "inside-an-app",
    comment: "Import of {to} reaches inside an app",
    from: { path: "^(packages/[^/]+|apps/[^/]+|\\.dev)/" },
    to: { path: "^apps/", pathNot: "^$1/|^apps/([^/]+)/start_\\1\\.ts$|/openapi_document\\.ts$" },
  },
  {
    name: "relative-leaves",
    comment: "Import of {to} leaves {from}: use the package's name",
    from: { path: "^((?:packages|apps)/[^/]+)/" },
    to: { dependencyTypes: ["local"], pathNot: "^$1/" },
  },
  {
    name: "own-name",
    comment: "Import of {to} by its own package: use a relative path",
    from: { path: "^((?:packages|apps)/[^/]+)/" },
    to: { dependencyTypesNot: ["local"], path: "^$1/(?!node_modules/)" },
  },
  ...Object.entries(MAY_IMPORT).map(
    ([home, allowed]): Rule => ({
      name: `from-${home}`,
      comment: "{from} must not import {to}",
      from: { path: `^${home}/`, pathNot: TESTS },
      to: { path: "^(?:packages|apps)/", pathNot: [home, ...allowed].map((one) => `^${one}/`).join("|") },
    }),
  ),
  ...Object.entries(ROOMS).flatMap(([home, rooms]) =>
    rooms.map(
      (room, index): Rule => ({
        name: `room-${home}/${room}`,
        comment: `Import of {to}, which lies above ${home}/${room}`,
        from: { path: `^${home}/${room}(?:/|$)`, pathNot: TESTS },
        to: {
          path: `^${home}/`,
          pathNot: `^${home}/(?:${["node_modules", ...rooms.slice(0, index + 1)].join("|")})(?:/|$)`,
        },
      }),
    ),
  ),
  ...Object.entries(HOME_OF_LIBRARY).map(
    ([library, home]): Rule => ({
      name: `home-of-${library}`,
      comment: `Import of {to} outside of ${home.replace("|", " and ")}`,
      from: { path: "^(?:packages|apps)/", pathNot: `^(?:${home})/|${TESTS}` },
      to: { path: `(?:^|/)node_modules/(?:@types/)?${library}/` },
    }),
  ),
];
