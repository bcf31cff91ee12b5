/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { basename } from "node:path";
import { explainPolicy } from "@countersign/core/explain";
import {
  ORGANISATION_FILE,
  type OrganisationPolicy,
  type OversightMode,
  type PolicyFileText,
  type TeamPolicy,
} from "@countersign/core/policy";
import { type FileVersion, fileVersions, policyCommit } from "@countersign/trail/report";
import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { CodeLines } from "../looks/code_lines.tsx";
import { DataTable } from "../looks/data_table.tsx";
import { LineChanges, lineChanges } from "../looks/line_changes.tsx";
import { Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Empty, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { maySee } from "../people/roles.ts";
import { notFound } from "./not_found.tsx";

type Ctx = Context<PageEnv>;

/** What is shown of one file. */
interface Shown {
  /** In the address: the team, or `organisation`. */
  readonly name: string;
  readonly title: string;
  readonly file: PolicyFileText;
  /** Absent: it is the organisation's. */
  readonly policy?: TeamPolicy;
}

/** The policies of teams that a person may see: sentences, text, versions and what changed. */
export function policyPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();

  app.get("/policies", async (c) => {
    const policies = visible(c, world);
    const commit = await policyCommit(world.trail, world.policies().hash);
    const authors = await world.trail.unseal(commit?.author === undefined ? [] : [commit.author]);
    const rows = policies.map(({ name, policy, file }) => [
      <a href={`/policies/${name}`}>{policy?.team ?? "The organisation"}</a>,
      policy?.description || (policy === undefined ? "Bounds that hold for every team" : "–"),
      policy === undefined ? "–" : OVERSIGHT[policy.oversight],
      policy === undefined ? "–" : String(policy.assistants.size),
      policy === undefined ? "–" : String(policy.approvers.length),
      <code>{file.name}</code>,
    ]);
    return sendPage(
      c,
      <Page
        title="Policies"
        person={c.var.person}
        current="policies"
        lead="What each team's assistants may do with email, as it is in force now."
      >
        <DataTable
          caption={`${rows.length} ${rows.length === 1 ? "file" : "files"} in force`}
          columns={[
            { label: "Team" },
            { label: "For" },
            { label: "Oversight" },
            { label: "Assistants", isNumber: true },
            { label: "Approvers", isNumber: true },
            { label: "File" },
          ]}
          rows={rows}
        />
        {commit && (
          <p class="quiet small">
            From commit <Commit commit={commit} authors={authors} />
          </p>
        )}
      </Page>,
    );
  });

  app.get("/policies/:name", async (c) => {
    const shown = find(c, world);
    if (shown === undefined) return notFound(c);
    const view = c.req.query("view") ?? (shown.policy === undefined ? "text" : "sentences");
    if (view === "text") return sendPage(c, <Text c={c} shown={shown} />);
    if (view === "versions") {
      const versions = await fileVersions(world.trail, shown.file.name);
      const authors = await world.trail.unseal(versions.flatMap(({ commit }) => commit?.author ?? []));
      return sendPage(c, <Versions {...{ c, shown, versions, authors }} />);
    }
    if (view !== "sentences" || shown.policy === undefined) return notFound(c);
    const { organisation } = world.policies();
    const { policy } = shown;
    return sendPage(c, <Sentences {...{ c, shown, policy, organisation }} now={world.clock()} />);
  });

  app.get("/policies/:name/compare", async (c) => {
    const shown = find(c, world);
    if (shown === undefined) return notFound(c);
    const versions = await fileVersions(world.trail, shown.file.name);
    // Only texts that this file had: others may be of other teams.
    const text = async (hash: string | undefined) =>
      versions.some((version) => version.hash === hash) ? world.trail.policyText(hash ?? "") : undefined;
    const [from, to] = [await text(c.req.query("from")), await text(c.req.query("to"))];
    if (from === undefined || to === undefined) return notFound(c);
    const [before, after] = [c.req.query("from"), c.req.query("to")].map((hash) =>
      versions.findLast((version) => version.hash === hash),
    );
    const changes = lineChanges(from, to);
    return sendPage(
      c,
      <FilePage c={c} shown={shown} view="versions">
        <Section
          id="changes"
          title="What changed"
          aside={
            <p class="quiet small">
              from <Moment at={before?.since ?? 0} /> to <Moment at={after?.since ?? 0} />
            </p>
          }
        >
          {changes === undefined ? (
            <Empty title="These two differ in too much to be compared line by line" />
          ) : changes.length === 0 ? (
            <Empty title="Both say the same" />
          ) : (
            <LineChanges label={`Changes of ${shown.file.name}`} changes={changes} />
          )}
        </Section>
      </FilePage>,
    );
  });
  return app;
}

const OVERSIGHT: Readonly<Record<OversightMode, string>> = {
  read_only: "reads only",
  gated_all: "a person approves all email, in and out",
  gated_send: "a person approves what leaves",
  monitored: "leaves at once, a person gets a copy",
  autonomous: "leaves at once",
};

/** The organisation's first. */
function visible(c: Ctx, { policies }: ConsoleWorld): readonly Shown[] {
  const { teams, files } = policies();
  const organisation = files.find(({ name }) => name === ORGANISATION_FILE);
  const own = [...teams.values()]
    .filter(({ team }) => maySee(c.var.person.roles, team))
    .sort((a, b) => (a.team < b.team ? -1 : 1))
    .flatMap((policy) => {
      const file = files.find(({ name }) => name === basename(policy.source.file));
      return file === undefined ? [] : [{ name: policy.team, title: policy.team, file, policy }];
    });
  const bounds = organisation && { name: "organisation", title: "The organisation", file: organisation };
  return [...(bounds ? [bounds] : []), ...own.filter(({ name }) => name !== bounds?.name)];
}

function find(c: Ctx, world: ConsoleWorld): Shown | undefined {
  return visible(c, world).find(({ name }) => name === c.req.param("name"));
}

interface FileProps {
  readonly c: Ctx;
  readonly shown: Shown;
}

function FilePage({
  c,
  shown,
  view,
  children,
}: FileProps & { readonly view: string; readonly children?: Child }) {
  const { name, title, policy } = shown;
  const tabs = [
    ...(policy === undefined ? [] : [["sentences", "In plain sentences"]]),
    ["text", "Text"],
    ["versions", "Versions"],
  ] as const;
  return (
    <Page title={title} person={c.var.person} current="policies" lead={policy?.description}>
      <nav class="tabs" aria-label="Views of this policy">
        {tabs.map(([id, label]) => (
          <a key={id} href={`/policies/${name}?view=${id}`} aria-current={id === view ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      {children}
    </Page>
  );
}

function Sentences({
  c,
  shown,
  policy,
  now,
  organisation,
}: FileProps & {
  readonly policy: TeamPolicy;
  readonly now: number;
  readonly organisation: OrganisationPolicy | undefined;
}) {
  return (
    <FilePage c={c} shown={shown} view="sentences">
      <section class="card" aria-label="The policy in plain sentences">
        <ul class="sentences">
          {explainPolicy(policy, { now, ...organisation }).map(({ text, where }, index) => {
            const name = basename(where.file);
            const of = name === ORGANISATION_FILE ? "organisation" : shown.name;
            return (
              <li key={index}>
                <span>{plain(text, 4_000)}</span>
                <a class="small" href={`/policies/${of}?view=text#L${where.line}`}>
                  {name}, line {where.line}
                </a>
              </li>
            );
          })}
        </ul>
      </section>
    </FilePage>
  );
}

function Text({ c, shown }: FileProps) {
  const lines = shown.file.text.replace(/\r?\n$/, "").split(/\r?\n/);
  return (
    <FilePage c={c} shown={shown} view="text">
      <CodeLines label={`Text of ${shown.file.name}`} lines={lines} isLinked />
    </FilePage>
  );
}

function Versions({
  c,
  shown,
  versions,
  authors,
}: FileProps & {
  readonly versions: readonly FileVersion[];
  /** Who made commits, as far as it was not erased. */
  readonly authors: ReadonlyMap<string, string>;
}) {
  const haveCommits = versions.some(({ commit }) => commit !== undefined);
  const rows = versions.map((version, index) => {
    const before = versions[index + 1];
    return [
      <Moment at={version.since} />,
      version.until === null ? <State tone="ok">in force</State> : <Moment at={version.until} />,
      <code title={version.hash}>{version.hash.slice(0, 12)}</code>,
      before === undefined ? (
        <span class="quiet">the first on record</span>
      ) : (
        <a href={`/policies/${shown.name}/compare?from=${before.hash}&to=${version.hash}`}>What changed</a>
      ),
      ...(haveCommits ? [<Commit commit={version.commit} authors={authors} />] : []),
    ];
  });
  return (
    <FilePage c={c} shown={shown} view="versions">
      {rows.length === 0 ? (
        <Empty title="No version is on record">
          <p>The gateway puts policies on record when they come in force.</p>
        </Empty>
      ) : (
        <>
          <DataTable
            caption={`Every version of ${shown.file.name} that was in force`}
            columns={[
              { label: "In force from" },
              { label: "Until" },
              { label: "SHA-256" },
              { label: "Changes" },
              ...(haveCommits ? [{ label: "Commit" }] : []),
            ]}
            rows={rows}
          />
          {versions.length > 2 && <Choose shown={shown} versions={versions} />}
        </>
      )}
    </FilePage>
  );
}

/** The git commit with which a version came, and whose it is. */
function Commit({
  commit,
  authors,
}: {
  readonly commit: FileVersion["commit"];
  readonly authors: ReadonlyMap<string, string>;
}) {
  if (commit === undefined) return <span class="quiet">none on record</span>;
  const { id, author, isDirty } = commit;
  const name = author && (authors.get(author) ?? "(erased)");
  return (
    <span>
      <code title={plain(id, 64)}>{plain(id.slice(0, 12))}</code>
      {name && <> by {plain(name, 320)}</>}
      {isDirty && <span class="quiet">, changed since</span>}
    </span>
  );
}

function Choose({ shown, versions }: { readonly shown: Shown; readonly versions: readonly FileVersion[] }) {
  const options = (selected: FileVersion | undefined) =>
    versions.map((version, index) => (
      <option key={index} value={version.hash} selected={version === selected}>
        {`${new Date(version.since).toISOString().slice(0, 16).replace("T", " ")} UTC`}
      </option>
    ));
  return (
    <form class="filter" method="get" action={`/policies/${shown.name}/compare`}>
      <label>
        From
        <select name="from">{options(versions.at(-1))}</select>
      </label>
      <label>
        To
        <select name="to">{options(versions[0])}</select>
      </label>
      <button type="submit">Compare</button>
    </form>
  );
}
