import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { MultiMailError } from "@countersign/multimail";
import { startWorld } from "../testing/start_world.ts";
import { EmailTagger } from "./email_tagger.ts";

const TEAM = {
  "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`,
};

test("EmailTagger adds to the tags that MultiMail showed, and asks for them only when it showed none", async (t) => {
  const { world, multimail, accepted, ask } = await startWorld(t, TEAM);
  const read: string[] = [];
  const getTags = multimail.getTags.bind(multimail);
  multimail.getTags = (mailboxId, emailId) => {
    read.push(emailId);
    return getTags(mailboxId, emailId);
  };
  for (const subject of ["shown", "not shown", "tagged"])
    await ask("ops/writer", { to: "jane@acme.example", subject, body: "Hello" });
  const [shown, hidden, tagged] = accepted;
  assert.ok(shown && hidden && tagged);
  await multimail.putTags("mbx-ops", hidden.emailId, { kept: "hidden" });
  const tagger = new EmailTagger(world);
  tagger.add({ ...shown, email: { id: shown.emailId, tags: { kept: "shown" } } });
  tagger.add({ ...hidden, email: { id: hidden.emailId } });
  tagger.add({ ...tagged, email: { id: tagged.emailId, tags: { receipt: tagged.receipt } } });
  await tagger.stop();
  assert.deepEqual(read, [hidden.emailId]);
  const ours = { team: "ops", assistant: "writer" };
  const tagsOf = ({ emailId }: { readonly emailId: string }) => getTags("mbx-ops", emailId);
  assert.deepEqual(await tagsOf(shown), { kept: "shown", ...ours, receipt: shown.receipt });
  assert.deepEqual(await tagsOf(hidden), { kept: "hidden", ...ours, receipt: hidden.receipt });
  assert.deepEqual(await tagsOf(tagged), {}, "MultiMail showed that it has its tags");
});

test("EmailTagger writes an email's tags once for several looks, and again when MultiMail did not take them", async (t) => {
  const { world, multimail, accepted, ask } = await startWorld(t, TEAM);
  await ask("ops/writer", { to: "jane@acme.example", subject: "Hello", body: "Hello" });
  const [email] = accepted;
  assert.ok(email);
  let isAway = true;
  let calls = 0;
  const putTags = multimail.putTags.bind(multimail);
  multimail.putTags = async (...args) => {
    calls++;
    if (isAway) throw new MultiMailError("Away", { code: "unavailable", outcome: "not_accepted" });
    return putTags(...args);
  };
  const tagger = new EmailTagger(world);
  const look = () => tagger.add({ ...email, email: { id: email.emailId, tags: {} } });
  look();
  look();
  await until(async () => calls === 1);
  isAway = false;
  await until(async () => {
    look();
    return calls === 2;
  });
  look();
  await tagger.stop();
  assert.equal(calls, 2);
  const tags = await multimail.getTags("mbx-ops", email.emailId);
  assert.equal(tags.receipt, email.receipt);
});
