/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { setImmediate as nextTick } from "node:timers/promises";
import {
  isReadable,
  keyLabel,
  parseVerifierKey,
  parseWitness,
  type TrailSource,
  type VerifyTrailResult,
  verifyTrail,
} from "@countersign/trail";
import { Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Notice, Section, State, type Tone } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { notFound } from "./not_found.tsx";

/** Whether the trail is signed, in few words. */
export interface TrailHealth {
  readonly tone: Tone;
  readonly words: string;
  readonly size: number;
  /** Records that the newest checkpoint covers; undefined: nobody signed any. */
  readonly signed?: number;
  /** Epoch milliseconds of that checkpoint. */
  readonly signedAt?: number;
}

/** A trail that grew, and was not signed for so long, should be looked at; in milliseconds. */
const LATE_MS = 15 * 60_000;

/** How the trail stands, without verifying it. */
export async function trailHealth({
  trail,
  clock,
}: Pick<ConsoleWorld, "trail" | "clock">): Promise<TrailHealth> {
  const { size } = await trail.head();
  for await (const { record } of trail.records({ kind: "checkpoint", newestFirst: true, limit: 1 })) {
    const signedAt = Date.parse(record.at);
    const signed = isReadable(record) ? record.data.size : record.seq;
    const isLate = size - signed > 1 && clock() - signedAt > LATE_MS;
    const words = isLate ? `last signed ${durationText(clock() - signedAt)} ago` : "signed";
    return { tone: isLate ? "warn" : "ok", words, size, signed, signedAt };
  }
  return { tone: size === 0 ? "info" : "warn", words: "not signed yet", size };
}

/** A verification, which one runs at a time. */
interface Verification {
  readonly startedAt: number;
  done: number;
  total: number;
  endedAt?: number;
  result?: VerifyTrailResult;
  failed?: string;
}

/** The page that tells whether the trail is whole, signed and witnessed, and verifies it when asked. */
export function trailHealthRoutes(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  let latest: Verification | undefined;
  app.use("/trail-health", async (c, next) => (c.var.person.roles.isAuditor ? next() : notFound(c)));

  app.get("/trail-health", async (c) => {
    const health = await trailHealth(world);
    return sendPage(
      c,
      <Page
        title="Is the trail whole?"
        person={c.var.person}
        current="trail"
        lead="Every record is a leaf of a tree; who signs the tree's root signs all of them."
        actions={
          <a class="button" href="/trail">
            Back to the trail
          </a>
        }
      >
        <dl class="numbers">
          <div>
            <dt>records</dt>
            <dd>{health.size.toLocaleString("en-US")}</dd>
          </div>
          <div>
            <dt>signed</dt>
            <dd>{(health.signed ?? 0).toLocaleString("en-US")}</dd>
          </div>
          <div>
            <dt>last signed</dt>
            <dd>
              {health.signedAt === undefined
                ? "never"
                : `${durationText(world.clock() - health.signedAt)} ago`}
            </dd>
          </div>
        </dl>
        <Section id="verify" title="Verification" aside={latest && <StartedAt {...latest} />}>
          <Verified verification={latest} />
          <form method="post" action="/trail-health">
            <input type="hidden" name="form_token" value={c.var.person.formToken} />
            <button
              type="submit"
              class="primary"
              disabled={latest !== undefined && latest.endedAt === undefined}
            >
              Verify now
            </button>
          </form>
          <p class="quiet small">
            Whoever could write all of the database could rewrite it so that it is whole in itself. Only a
            checkpoint that they do not hold shows that: compare with those that are kept elsewhere, by{" "}
            <code>countersign audit verify --since</code>.
          </p>
        </Section>
      </Page>,
    );
  });

  app.post("/trail-health", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    if (latest === undefined || latest.endedAt !== undefined) {
      latest = { startedAt: world.clock(), done: 0, total: 0 };
      void verify(world, latest);
    }
    return c.redirect("/trail-health", 303);
  });
  return app;
}

/** Whoever else is served gets their turn between the pages. */
async function verify(
  { trail, settings, clock, log }: ConsoleWorld,
  verification: Verification,
): Promise<void> {
  try {
    const witnesses = settings.auditWitnesses.map((one) => parseWitness(one).key);
    verification.result = await verifyTrail(breathing(trail), {
      witnesses,
      onProgress: ({ done, total }) => {
        verification.done = done;
        verification.total = total;
      },
    });
  } catch (error) {
    log.error({ err: error }, "The trail cannot be verified");
    verification.failed = error instanceof Error ? error.message : String(error);
  }
  verification.endedAt = clock();
}

/** A source that lets others have their turn after each page. */
function breathing(source: TrailSource): TrailSource {
  return new Proxy(source, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name !== "pages") return member.bind(target);
      return async function* pages(...args: unknown[]) {
        for await (const page of member.apply(target, args)) {
          yield page;
          await nextTick();
        }
      };
    },
  });
}

function StartedAt({ startedAt }: Verification) {
  return (
    <p class="quiet small">
      begun <Moment at={startedAt} />
    </p>
  );
}

function Verified({ verification }: { readonly verification: Verification | undefined }) {
  if (verification === undefined)
    return (
      <p>
        Verifying recomputes everything: canonical form, order, hashes, the tree, sealed values, and who
        signed what.
      </p>
    );
  const { result, failed, done, total } = verification;
  if (failed !== undefined)
    return (
      <Notice tone="bad" title="The trail could not be verified">
        {plain(failed, 500)}
      </Notice>
    );
  if (result === undefined)
    return (
      <p role="status">
        {done.toLocaleString("en-US")} of {total.toLocaleString("en-US")} records so far.{" "}
        <a href="/trail-health">Look again</a>
      </p>
    );
  if (!result.ok)
    return (
      <Notice tone="bad" title="The trail is NOT whole">
        <ul>
          {result.problems.map(({ seq, what, message }, index) => (
            <li key={index}>
              {seq === null ? "trail" : `record ${seq}`}: {plain(what)}: {plain(message, 500)}
            </li>
          ))}
        </ul>
      </Notice>
    );
  const { size, root, checkpoints } = result;
  return (
    <>
      <p>
        <State tone="ok">whole</State> {size.toLocaleString("en-US")} records, root{" "}
        <code>{Buffer.from(root).toString("hex")}</code>
      </p>
      <dl class="facts">
        <dt>Checkpoints</dt>
        <dd>
          {checkpoints.count === 0
            ? "none is signed"
            : `${checkpoints.count.toLocaleString("en-US")} signed, the latest of ${checkpoints.size.toLocaleString("en-US")} records`}
        </dd>
        {checkpoints.keys.map(({ verifier, since, previous, vouched, counts }) => (
          <>
            <dt>Key since record {since}</dt>
            <dd>
              <code>{keyLabel(parseVerifierKey(verifier))}</code>{" "}
              {previous !== null &&
                (vouched ? "vouched for by the key before" : <State tone="bad">nobody vouches for it</State>)}
              {!counts && <State tone="bad">does not count</State>}
            </dd>
          </>
        ))}
        {checkpoints.witnesses.map(({ verifier, checkpoints: signed, size: seen }) => (
          <>
            <dt>Witness</dt>
            <dd>
              {parseVerifierKey(verifier).name} cosigned {signed}
              {signed > 0 && `, the latest of ${seen} records`}
            </dd>
          </>
        ))}
      </dl>
    </>
  );
}
