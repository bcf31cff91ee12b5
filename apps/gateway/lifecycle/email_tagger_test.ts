import assert from "node:assert/strict";
import { test } from "node:test";
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
