import assert from "node:assert/strict";
import { test } from "node:test";
import { buildZip, docx, eml, odt, pdf, pptx, xlsx } from "@countersign/documents/testing";
import { until } from "@countersign/lifecycle/testing/until";
import { DustClient } from "../testing/dust_client.ts";
import { salesTeams } from "../testing/sales_teams.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

const OOXML = "application/vnd.openxmlformats-officedocument";
const ODT = "application/vnd.oasis.opendocument.text";
const CARD = "4111 1111 1111 1111";

/** A file of each kind that says this. */
const FILES: Readonly<
  Record<string, { type: string; build: (text: string) => Uint8Array | Promise<Uint8Array> }>
> = {
  "a.docx": {
    type: `${OOXML}.wordprocessingml.document`,
    build: (text) => docx([text.slice(0, 6), text.slice(6)]),
  },
  "a.xlsx": { type: `${OOXML}.spreadsheetml.sheet`, build: (text) => xlsx([["Name", text]]) },
  "a.pptx": { type: `${OOXML}.presentationml.presentation`, build: pptx },
  "a.pdf": { type: "application/pdf", build: pdf },
  "a.odt": { type: ODT, build: (text) => odt(`<text:p>${text}</text:p>`) },
  "a.rtf": { type: "application/rtf", build: (text) => Buffer.from(`{\\rtf1 ${text}}`) },
  "a.eml": { type: "message/rfc822", build: (text) => eml(text) },
  "inner.eml": {
    type: "message/rfc822",
    build: (text) => eml("Hello", buildZip({ "a.docx": docx([text]) })),
  },
  "a.zip": { type: "application/zip", build: async (text) => buildZip({ "a.pdf": await pdf(text) }) },
  "a.ics": {
    type: "text/calendar",
    build: (text) => Buffer.from(`BEGIN:VCALENDAR\r\nDESCRIPTION:${text}\r\n`),
  },
};

const EMAIL = { to: ["bob@acme.example"], body: "It is attached." };

/** Sends an email with a file through a door, and gives the answer as text. */
const DOORS: Readonly<Record<string, (stack: Stack, subject: string, file: object) => Promise<string>>> = {
  REST: async (stack, subject, file) => {
    const body = { ...EMAIL, subject, attachments: [file] };
    return JSON.stringify((await stack.call("POST", "/v1/send", { as: "sales/bot", body })).body);
  },
  MCP: async (stack, subject, file) => {
    const dust = new DustClient(stack.gateway.url, stack.keyOf("sales/bot"));
    return (await dust.call("send_email", { ...EMAIL, subject, attachments: [file] })).text;
  },
};

async function fileOf(name: string, text: string): Promise<object> {
  const file = FILES[name];
  assert.ok(file !== undefined);
  const content_base64 = Buffer.from(await file.build(text)).toString("base64");
  return { name, content_type: file.type, content_base64 };
}

function teams(content: object) {
  const allow = [...new Set(Object.values(FILES).map(({ type }) => type)), "image/png", "text/csv"];
  return salesTeams({ content, attachments: { allow, max_bytes: "20MB" } });
}

for (const [door, ask] of Object.entries(DOORS)) {
  test(`${door} denies documents that say what is blocked, and lets others pass`, async (t) => {
    const stack = await startStack(t, teams({ block: ["credit_card"], unscannable: "deny" }));
    for (const name of Object.keys(FILES)) {
      await t.test(name, async () => {
        const denied = await ask(stack, `Denied ${name}`, await fileOf(name, `Card ${CARD} ok`));
        assert.match(denied, /content\.block/);
        assert.match(denied, /The attachment seems to hold a card number/);
        const passed = await ask(stack, `Passed ${name}`, await fileOf(name, "Nothing of that kind"));
        assert.match(passed, /"status":"queued"|ACCEPTED/);
        await until(async () => (await stack.outbox()).some(({ subject }) => subject === `Passed ${name}`));
      });
    }
    assert.ok((await stack.outbox()).every(({ subject }) => subject.startsWith("Passed")));
  });
}

test("A picture beside content rules is refused, held or let pass, as content.unscannable says", async (t) => {
  const png = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1").toString("base64");
  const picture = { name: "a.png", content_type: "image/png", content_base64: png };
  for (const [unscannable, wanted] of [
    ["deny", /content\.unscannable/],
    ["flag", /content\.unscannable/],
    ["allow", /"status":"queued"/],
  ] as const) {
    await t.test(unscannable, async (t) => {
      const stack = await startStack(t, teams({ block: ["credit_card"], unscannable }));
      assert.match(
        await (DOORS.REST as NonNullable<(typeof DOORS)[string]>)(stack, "Hello", picture),
        wanted,
      );
      const body = { ...EMAIL, to: ["ann@client.example"], subject: "To a customer", attachments: [picture] };
      const { body: answer } = await stack.call("POST", "/v1/send", { as: "sales/bot", body });
      assert.equal(answer.status ?? answer.code, unscannable === "deny" ? "policy_denied" : "pending");
    });
  }
});

test("A large table is looked through while others are served, and its card found", async (t) => {
  const stack = await startStack(t, teams({ block: ["credit_card"] }));
  const rows = "4530|5200|4800|5100 a\n".repeat(200_000);
  const content_base64 = Buffer.from(`${rows}${CARD}\n`).toString("base64");
  const ask = DOORS.REST as NonNullable<(typeof DOORS)[string]>;
  const answer = ask(stack, "Table", { name: "a.csv", content_type: "text/csv", content_base64 });
  let served = 0;
  const serving = (async () => {
    for (let ended = false; !ended; served++) {
      ended = await Promise.race([
        answer.then(() => true),
        fetch(`${stack.gateway.url}/healthz`).then(() => false),
      ]);
    }
  })();
  assert.match(await answer, /content\.block|looked through/);
  await serving;
  assert.ok(served > 1);
});
