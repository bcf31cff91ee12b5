import { basename } from "node:path";
import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import {
  formatProblem,
  formatWhere,
  lostOrganisation,
  type PolicyLoadResult,
  type PolicyProblem,
  type PolicySet,
  type RemovedRights,
  type StandingFile,
  standingFiles,
  type TeamPolicy,
  withoutRemoved,
} from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { maskAddresses } from "@countersign/lifecycle";
import type { PolicyEntryOptions } from "@countersign/trail";
import type { World } from "../enforce/world.ts";
import type { Metrics, ReloadResult } from "../operations/metrics.ts";
import type { MultiMailClients } from "./multimail_clients.ts";
import { hasAny, recordPolicies, recordRefusedPolicies } from "./record_policies.ts";

/** For how many new mailboxes, and how long, new policies wait; a call waits for its own mailbox anyway. */
const MAX_LOOKS = 50;
const LOOK_MS = 10_000;

/** How long a checkout takes at most from its last file to its commit. */
const COMMIT_MS = 300;

/** How many problems are logged before others get their turn. */
const LOG_TOGETHER = 50;

/** How much of a key's hash is logged: enough to find it. */
const SHOWN_KEY = "sha256:".length + 12;

/** What a reloader works with. */
export interface PolicyReloaderOptions {
  /** The policies to begin with; their clients are open. */
  readonly policies: PolicySet;
  /** Reads the policies anew, until `signal`; `known` are those last read without problems. */
  readonly load: (known: PolicySet, signal: AbortSignal) => Promise<PolicyLoadResult>;
  readonly clients: MultiMailClients;
  /** The git commit that files come from; absent, or undefined: none. */
  readonly commitOf?: (files: PolicySet["files"]) => Promise<PolicyEntryOptions["commit"]>;
  /** Called when other policies are in force, or some of them no longer. */
  readonly onChanged?: () => void;
}

/** What a reloader needs of the world. */
interface ReloadWorld extends Pick<World, "trail" | "clock" | "log"> {
  readonly metrics: Metrics;
  readonly live: Pick<World["live"], "peek" | "get">;
}

/** Holds the policies in force, and replaces them as a whole, or not at all. */
export class PolicyReloader {
  readonly #world: ReloadWorld;
  readonly #options: PolicyReloaderOptions;
  readonly #ending = new AbortController();
  /** What was last read without problems. */
  #loaded: PolicySet;
  /** The same, without what was removed from the files since. */
  #inForce: PolicySet;
  #problem: string | undefined;
  /** The latest reload, begun or not. */
  #latest: Promise<ReloadResult> | undefined;
  /** A reload that has not begun. */
  #waiting: Promise<ReloadResult> | undefined;

  constructor(world: ReloadWorld, options: PolicyReloaderOptions) {
    this.#world = world;
    this.#options = options;
    this.#loaded = options.policies;
    this.#inForce = options.policies;
  }

  /** The policies in force at this moment. */
  get inForce(): PolicySet {
    return this.#inForce;
  }

  /** Why the policies that were last read are not in force, in a sentence without their content; undefined: they are. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Puts the policies to begin with on record. */
  async start(): Promise<void> {
    await recordPolicies(this.#inForce, this.#world, { commit: await this.#commitOf(this.#inForce) });
    this.#world.metrics.inForce(this.#inForce, this.#world.clock());
  }

  /**
   * Reads the policies anew and lets them come in force if there is no problem at all. Never rejects. One reload runs at
   * a time: whoever asks meanwhile shares the next, since the running one may have read before the change.
   */
  reload(): Promise<ReloadResult> {
    this.#waiting ??= this.#after(this.#latest);
    this.#latest = this.#waiting;
    return this.#waiting;
  }

  /** Gives up a reload that still reads; resolves when none runs or waits. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#latest;
  }

  async #after(running: Promise<ReloadResult> | undefined): Promise<ReloadResult> {
    await running;
    // Even the first begins in a turn of its own, so that `reload` has noted that it waits.
    await nextTick();
    this.#waiting = undefined;
    try {
      return await this.#reload();
    } catch (error) {
      if (!this.#ending.signal.aborted)
        this.#world.log.error({ err: error }, "Cannot reload the policies; those in force stay");
      const why = error instanceof Error ? error.message : String(error);
      return this.#ended("failed", 1, why);
    }
  }

  async #reload(): Promise<ReloadResult> {
    const loaded = await this.#options.load(this.#loaded, this.#ending.signal);
    if (!loaded.ok) return this.#refuse(loaded.problems, loaded.standing);
    const { policies, warnings = [] } = loaded;
    const { log, metrics, clock } = this.#world;
    if (policies.hash === this.#loaded.hash && this.#inForce === this.#loaded) {
      log.info({ policy: policies.hash }, "The policies are unchanged");
      return this.#ended("unchanged", 0);
    }
    const { clients } = this.#options;
    const lost = lostOrganisation(this.#loaded, policies);
    const missing = [...(lost === undefined ? [] : [lost]), ...clients.open(policies)];
    const problems = missing.length > 0 ? missing : await clients.check(policies, { inForce: this.#inForce });
    if (problems.length > 0) return this.#refuse(problems, standingFiles(policies));
    await this.#lookAtNewMailboxes(policies);
    // On record first: what cannot be recorded does not come in force.
    const commit = await this.#commitOf(policies);
    await recordPolicies(policies, this.#world, { known: this.#loaded, commit });
    const changes = changedTeams(this.#inForce, policies);
    this.#loaded = policies;
    this.#inForce = policies;
    metrics.inForce(policies, clock());
    for (const warning of warnings) log.warn(maskAddresses(formatProblem(warning)));
    log.info({ policy: policies.hash, teams: policies.teams.size, ...changes }, "New policies are in force");
    this.#options.onChanged?.();
    return this.#ended("loaded", 0);
  }

  /** A checkout writes files first, and then says which commit they are of: what differs is looked at a second time. */
  async #commitOf({ files }: PolicySet): Promise<PolicyEntryOptions["commit"]> {
    const { commitOf } = this.#options;
    const commit = await commitOf?.(files);
    if (commit?.isDirty !== true) return commit;
    await sleep(COMMIT_MS);
    return commitOf?.(files);
  }

  async #refuse(
    problems: readonly PolicyProblem[],
    standing: readonly StandingFile[] | undefined,
  ): Promise<ReloadResult> {
    const removed = this.#remove(standing);
    const [first] = problems;
    // Everybody can read this: where the folder lies is nobody's business.
    const where = first && { ...first.where, file: basename(first.where.file) };
    const place = where === undefined ? "" : `, first at ${formatWhere(where)}`;
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const result = this.#ended("refused", problems.length, `${count}${place}`);
    const { log } = this.#world;
    log.error({ problems: problems.length }, "The policies have problems; those in force stay");
    for (const [index, problem] of problems.entries()) {
      log.error(maskAddresses(formatProblem(problem)));
      if (index % LOG_TOGETHER === LOG_TOGETHER - 1) await nextTick();
    }
    await recordRefusedPolicies(problems, { inForce: this.#loaded.hash, removed }, this.#world).catch(
      (error: unknown) => log.error({ err: error }, "Cannot record that policies were refused"),
    );
    return result;
  }

  /** Takes out of force what the files no longer have, before anything else: it is the one change that cannot wait. */
  #remove(standing: readonly StandingFile[] | undefined): RemovedRights {
    if (standing === undefined) return { teams: [], assistants: [], keys: [], people: 0 };
    const { policies, removed } = withoutRemoved(this.#loaded, standing);
    const isChanged = policies !== this.#inForce;
    this.#inForce = policies;
    if (isChanged) this.#options.onChanged?.();
    if (hasAny(removed) || removed.people > 0) {
      const keys = removed.keys.map((key) => key.slice(0, SHOWN_KEY));
      this.#world.log.warn({ ...removed, keys }, "What was removed from its file is in force no longer");
    }
    return removed;
  }

  #ended(result: ReloadResult, problems: number, why?: string): ReloadResult {
    this.#problem = why && `The policies that were last read are not in force, but those before them: ${why}`;
    this.#world.metrics.reloaded(result, problems);
    return result;
  }

  /** So that the first email from a new mailbox need not wait. */
  async #lookAtNewMailboxes(policies: PolicySet): Promise<void> {
    const { live } = this.#world;
    const isNew = (policy: TeamPolicy) => this.#loaded.teams.get(policy.team) !== policy;
    const unseen = [...policies.teams.values()].filter(
      (policy) => isNew(policy) && live.peek(policy) === undefined,
    );
    const looks = inParallel(unseen.slice(0, MAX_LOOKS), (policy) => live.get(policy));
    await Promise.race([looks, sleep(LOOK_MS, undefined, { ref: false })]);
  }
}

/** Names of the teams whose policies a reload adds, changes and takes away. */
function changedTeams(before: PolicySet, after: PolicySet) {
  const names = (is: (team: string) => boolean, of: PolicySet) => [...of.teams.keys()].filter(is);
  return {
    added: names((team) => !before.teams.has(team), after),
    changed: names((team) => {
      const known = before.teams.get(team);
      return known !== undefined && known !== after.teams.get(team);
    }, after),
    removed: names((team) => !after.teams.has(team), before),
  };
}
