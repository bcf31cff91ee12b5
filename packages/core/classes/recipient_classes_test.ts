import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isEmailAction, type Recipient } from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import { type Context, composeEmail, type Decision, decide } from "../decision/mod.ts";
import { world } from "../reference/testing/arbitrary_world.ts";
import { loadFiles } from "../reference/testing/load_files.ts";
import { check, report } from "../reference/testing/report.ts";
import { recipientClasses } from "./recipient_classes.ts";

/** Policies a run, 30 questions to each; a longer run sets `CLASSES_RUNS`. */
const RUNS = Number(process.env.CLASSES_RUNS ?? 30);

test("recipientClasses() puts together only recipients whom decide() does not tell apart", () => {
  const seed = Number(process.env.CLASSES_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`comparing from seed ${seed}`);
  let compared = 0;
  check(
    fc.property(world(30), ({ files, cases }) => {
      const policies = loadFiles(files);
      const known = new Map(
        [...policies.teams.values()].map((policy) => [policy.team, recipientClasses([policy])]),
      );
      for (const toCase of cases) {
        const { asked, context } = toCase(policies);
        const policy = policies.teams.get(context.team);
        const own = known.get(context.team);
        if (policy === undefined || own === undefined || !isEmailAction(asked)) continue;
        const { classes, classOf } = own;
        const stand = <T extends Pick<Recipient, "text" | "parsed">>(one: T): T => {
          const address = one.parsed.ok ? classes[classOf(one.parsed.address)]?.address : undefined;
          return address === undefined
            ? one
            : { ...one, text: address.address, parsed: { ok: true, address } };
        };
        // What happened before is of one address or another: here nobody is known and nothing happened.
        const { usage, recent, knownContacts, writtenBefore, ...plain } = context;
        const other: Context = {
          ...plain,
          ...(plain.original?.ok && {
            original: { ...plain.original, participants: plain.original.participants.map(stand) },
          }),
        };
        const answer = (email: typeof asked, world: Context): Decision =>
          decide(policies, composeEmail(policy, email, world.original), world);
        const [real, likened] = [
          answer(asked, plain),
          answer({ ...asked, recipients: asked.recipients.map(stand) }, other),
        ];
        compared++;
        try {
          assert.deepEqual(summary(likened), summary(real));
        } catch (error) {
          throw new Error(
            `${error instanceof Error ? error.message : error}${report(files, { action: asked, context: plain })}`,
          );
        }
      }
    }),
    { seed, numRuns: RUNS },
  );
  console.log(`compared ${compared} decisions`);
  assert.ok(compared > RUNS * 10, `Only ${compared} decisions were compared`);
});

test("recipientClasses() knows plus-tags, subdomains, look-alikes and whoever no pattern names", () => {
  const list = ["ana+inv@client.example", "*@*.client.example", "*@client.example"].map((text) => {
    const at = text.slice(text.indexOf("@") + 1);
    if (!text.startsWith("*")) return { kind: "address", key: text, base: "ana@client.example" } as const;
    return at.startsWith("*.")
      ? ({ kind: "subdomains", domain: at.slice(2) } as const)
      : ({ kind: "domain", domain: at } as const);
  });
  const { classes, classOf } = recipientClasses(
    [],
    list.map((pattern) => [pattern]),
  );
  const of = (text: string): string => {
    const parsed = parseAddress(text);
    assert.ok(parsed.ok);
    return classes[classOf(parsed.address)]?.atoms.map((atom) => atom.text).join(" | ") ?? "";
  };
  assert.match(of("ana+inv@client.example"), /^ana\+inv@client\.example$/);
  assert.match(of("bob@client.example"), /\*@client\.example/);
  assert.equal(of("bob@mail.client.example"), "*@*.client.example");
  assert.equal(of("bob@any.client.example.evil.example"), "anybody else");
  assert.match(of("bob@аррӏе.example"), /look-alike domain$/);
});

function summary({ effect, held, findings, sendAt, requirements }: Decision): object {
  const denying = new Set(findings.filter((one) => one.effect === "deny").map(({ rule }) => rule));
  // What a live mailbox has that no policy declares tells recipients apart that classes do not: nothing leaves it (classes.md).
  if (denying.has("mailbox.verified")) return { effect, denying: ["mailbox.verified"] };
  return { effect, held, denying: [...denying].sort(), sendAt, requirements };
}
