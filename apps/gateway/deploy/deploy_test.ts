/** The files for other people's machines, as far as they can be judged without a container engine, Kubernetes and Helm. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { describeSettings } from "@countersign/host";
import { parse, parseAllDocuments } from "yaml";

const DEPLOY = import.meta.dirname;
const UNITS = readdirSync(join(DEPLOY, "systemd"));
const TEMPLATES = readdirSync(join(DEPLOY, "helm/templates"));
const KNOWN: ReadonlySet<string> = new Set(describeSettings().map(({ variable }) => variable));

/** Of node and PostgreSQL's image. */
const OTHERS_VARIABLES = /^(?:NODE_ENV|POSTGRES_(?:USER|DB|PASSWORD))$/;

const read = (path: string) => readFileSync(join(DEPLOY, path), "utf8");
const template = (name: string) => read(`helm/templates/${name}`);

/** A container or a service of compose, as far as looked at. */
interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly [name: string]: unknown;
}

/** A template with all that Helm would put in as the same word, so that what is written out can be read as YAML. */
function written(name: string): readonly Record<string, unknown>[] {
  const text = template(name)
    .replace(/^\s*\{\{-? (?:if|end|include|toYaml)\b.*\}\}\n/gm, "")
    .replace(/\{\{.*?\}\}/g, "filled");
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, [], name);
    return document.toJS();
  });
}

test("every variable that an image, a unit or a chart sets is one that is read", () => {
  const compose: { readonly services: Readonly<Record<string, Container>> } = parse(read("compose.yaml"), {
    merge: true,
  });
  const inText = (text: string, lines: RegExp) =>
    [...text.matchAll(lines)].flatMap(([, pairs = ""]) =>
      [...pairs.matchAll(/\b([A-Z][A-Z_]+)=/g)].map(([, name = ""]) => name),
    );
  const set = {
    Containerfile: inText(read("Containerfile"), /^ENV (.+)$/gm),
    compose: Object.values(compose.services).flatMap(({ environment = {} }) => Object.keys(environment)),
    units: UNITS.flatMap((unit) => inText(read(`systemd/${unit}`), /^Environment=(.+)$/gm)),
    chart: TEMPLATES.flatMap((name) =>
      [...template(name).matchAll(/- name: ([A-Z_]+)$/gm)].map(([, variable = ""]) => variable),
    ),
  };
  for (const [where, names] of Object.entries(set)) {
    assert.ok(names.length > 3, where);
    const unknown = names.filter((name) => !KNOWN.has(name) && !OTHERS_VARIABLES.test(name));
    assert.deepEqual(unknown, [], where);
  }
});

test("the image's last stage has no shell and no root, and node gets its signals", () => {
  const last =
    read("Containerfile")
      .split(/^FROM /m)
      .at(-1) ?? "";
  assert.match(last, /^gcr\.io\/distroless\//);
  assert.match(last, /^USER 65532:65532$/m);
  assert.match(last, /^ENTRYPOINT \["\/nodejs\/bin\/node", /m);
  assert.match(last, /^HEALTHCHECK [\s\S]+\/healthz/m);
  assert.doesNotMatch(last, /^(?:RUN|ADD|SHELL) /m);
});

test("compose's gateway and console can write nowhere but their volume, and only they reach the database", () => {
  const { services, networks } = parse(read("compose.yaml"), { merge: true }) as {
    readonly services: Readonly<Record<string, Container>>;
    readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  };
  for (const name of ["gateway", "console"]) {
    const {
      read_only,
      cap_drop,
      security_opt,
      stop_grace_period,
      ports = [],
    } = services[name] ?? { image: "" };
    assert.equal(read_only, true, name);
    assert.deepEqual(cap_drop, ["ALL"], name);
    assert.deepEqual(security_opt, ["no-new-privileges:true"], name);
    assert.equal(stop_grace_period, "40s", name);
    assert.ok(
      ports.every((port) => port.startsWith("127.0.0.1:")),
      name,
    );
  }
  assert.deepEqual(services.database?.networks, ["inner"]);
  assert.equal(services.database?.ports, undefined);
  assert.equal(networks.inner?.internal, true);
});

test("the gateway never gets the console's key, nor the console the gateway's", () => {
  const { services } = parse(read("compose.yaml"), { merge: true }) as {
    readonly services: Readonly<Record<string, Container>>;
  };
  assert.ok(!("MULTIMAIL_OVERSIGHT_KEY" in (services.gateway?.environment ?? {})));
  assert.ok(!("MULTIMAIL_API_KEY" in (services.console?.environment ?? {})));
  assert.doesNotMatch(template("gateway.yaml"), /secrets\.console/);
  assert.doesNotMatch(template("console.yaml"), /secrets\.(?:gateway|signingKey)/);
});

test("the chart uses every value that it has, and has every value and definition that it uses", () => {
  const all = TEMPLATES.map(template).join("\n");
  const used = new Set([...all.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = ""]) => path));
  const leaves = (value: unknown, path: string): readonly string[] =>
    typeof value !== "object" || value === null || Array.isArray(value) || path.endsWith("resources")
      ? [path]
      : Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
  assert.deepEqual([...used].sort(), [...leaves(parse(read("helm/values.yaml")), "")].sort());
  const defined = [...all.matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
  const included = new Set([...all.matchAll(/include "([^"]+)"/g)].map(([, name]) => name));
  assert.deepEqual([...included].sort(), defined.sort());
  for (const name of TEMPLATES) {
    const opened = template(name).match(/\{\{-? (?:if|define|range|with)\b/g)?.length ?? 0;
    assert.equal(template(name).match(/\{\{-? end\b/g)?.length ?? 0, opened, name);
  }
});

test("the chart's templates are YAML, of the kinds that were meant", () => {
  const kinds = TEMPLATES.filter((name) => name.endsWith(".yaml")).flatMap((name) =>
    written(name).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
  );
  assert.deepEqual(kinds.sort(), [
    "apps/v1 Deployment",
    "apps/v1 Deployment",
    "networking.k8s.io/v1 NetworkPolicy",
    "policy/v1 PodDisruptionBudget",
    "v1 Service",
    "v1 Service",
  ]);
});

test("systemd finds nothing wrong with the units, and calls them well confined", (t) => {
  if (spawnSync("systemd-analyze", ["--version"]).error !== undefined)
    return t.skip("systemd-analyze is not here");
  const folder = mkdtempSync(join(tmpdir(), "countersign-units-"));
  t.after(() => rmSync(folder, { recursive: true }));
  // Wherever this machine has its node.
  for (const unit of UNITS)
    writeFileSync(
      join(folder, unit),
      read(`systemd/${unit}`).replace("ExecStart=/usr/bin/node", `ExecStart=${process.execPath}`),
    );
  for (const unit of UNITS) {
    const path = join(folder, unit);
    const { stdout, stderr, status } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
    assert.deepEqual({ stdout, stderr, status }, { stdout: "", stderr: "", status: 0 }, unit);
    // In tenths: 0 is fully confined, 100 not at all. It exits with 1 above the threshold.
    execFileSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", path]);
  }
});

test("node is started everywhere as npm start starts it", () => {
  const { scripts } = JSON.parse(readFileSync(join(DEPLOY, "../../../package.json"), "utf8"));
  const [option = ""] = /--max-\S+/.exec(scripts.start) ?? [];
  assert.match(option, /^--max-semi-space-size=\d+$/);
  for (const file of ["Containerfile", ...UNITS.map((unit) => `systemd/${unit}`)])
    assert.ok(read(file).includes(option), file);
});
