import assert from "node:assert/strict";
import { test } from "node:test";
import {
  askedDraft,
  type EmailAction,
  type Recipient,
  type RecipientField,
  type ReplyAction,
  type SendAction,
} from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import type { ComposePolicy } from "../policy/mod.ts";
import { composeEmail } from "./compose_email.ts";
import type { OriginalEmail } from "./context.ts";

const WHERE = { file: "teams/support.yaml", line: 1, column: 1 };
const located = (value: string) => ({ value, text: value, where: WHERE });
const FOOTER = "Acme SA, registered in Paris\n552 100 554";

function recipient(field: RecipientField, text: string): Recipient {
  return { field, text, parsed: parseAddress(text) };
}

function copy(field: "cc" | "bcc", text: string): ComposePolicy["copies"][number] {
  const parsed = parseAddress(text);
  return { field, address: parsed.ok ? parsed.address : assert.fail(parsed.message), where: WHERE };
}

const COMPOSE: ComposePolicy = {
  subjectPrefix: located("[Acme Support] "),
  footers: [located(FOOTER)],
  copies: [copy("cc", "records@acme.example"), copy("bcc", "archive@acme.example")],
};

function send(subject: string, markdown: string, ...recipients: readonly Recipient[]): SendAction {
  const to = recipients.length > 0 ? recipients : [recipient("to", "jane@client.example")];
  return { name: "send", recipients: to, draft: { subject, markdown, attachments: [] } };
}

const REPLY: ReplyAction = {
  name: "reply",
  emailId: "e1",
  recipients: [],
  draft: { subject: "", markdown: "Thank you", attachments: [] },
};

function compose(
  action: EmailAction,
  { original, ...policy }: Partial<ComposePolicy> & { original?: OriginalEmail } = {},
): EmailAction {
  return composeEmail({ compose: { ...COMPOSE, ...policy } }, action, original);
}

function people({ recipients }: EmailAction): readonly string[] {
  return recipients.map(({ field, text, composed }) => `${field} ${text}${composed ? " (composed)" : ""}`);
}

test("composeEmail() adds prefix, footer and copies, and says how much of the text it added", () => {
  const action = compose(send("Your order", "It is on its way."));
  assert.deepEqual(action.draft, {
    subject: "[Acme Support] Your order",
    markdown: `It is on its way.\n\n${FOOTER}`,
    attachments: [],
    added: { subject: 15, body: FOOTER.length + 2 },
  });
  assert.deepEqual(people(action), [
    "to jane@client.example",
    "cc records@acme.example (composed)",
    "bcc archive@acme.example (composed)",
  ]);
  assert.deepEqual(askedDraft(action.draft), send("Your order", "It is on its way.").draft);
});

test("composeEmail() changes nothing where the policy adds nothing, and never composes twice", () => {
  const asked = send("Your order", "It is on its way.");
  assert.equal(composeEmail({}, asked, undefined), asked);
  const once = compose(asked);
  assert.equal(compose(once, { footers: [located("Another footer")], copies: [] }), once);
  // Something that was composed by a policy that added nothing is left as it is, too.
  const nothing = compose(asked, { footers: [], copies: [], subjectPrefix: located("Your order") });
  assert.deepEqual(nothing.draft.added, { subject: 0, body: 0 });
  assert.equal(compose(nothing), nothing);
});

const PREFIXED = [
  "[Acme Support] Your order",
  "[acme support]   Your order",
  "  [ACME\tSUPPORT]Your order",
  "Re: [Acme Support] Your order",
  "AW: Re[2]: FWD: [Acme Support] Your order",
  "[Acme Support]",
];
for (const subject of PREFIXED)
  test(`composeEmail() sees the prefix in ${JSON.stringify(subject)}`, () =>
    assert.equal(compose(send(subject, "x")).draft.subject, subject));

for (const subject of [
  "Acme Support: x",
  "[Acme\u200b Support] x",
  "[Аcme Support] x",
  "About [Acme Support] x",
])
  test(`composeEmail() does not take for the prefix what ${JSON.stringify(subject)} begins with`, () =>
    assert.equal(compose(send(subject, "x")).draft.subject, `[Acme Support] ${subject}`));

test("composeEmail() takes no word for a prefix that only begins with it", () => {
  const subjectPrefix = located("HR ");
  assert.equal(compose(send("HRIS is down", "x"), { subjectPrefix }).draft.subject, "HR HRIS is down");
  assert.equal(compose(send("hr: new desk", "x"), { subjectPrefix }).draft.subject, "hr: new desk");
});

const FOOTED = [
  `Hello\n\n${FOOTER}`,
  `Hello\r\n\r\n${FOOTER.replace("\n", "  \r\n")}\r\n\r\n`,
  `Hello\n \t\n${FOOTER}  \n`,
  FOOTER,
];
for (const body of FOOTED)
  test(`composeEmail() sees the footer at the end of ${JSON.stringify(body)}`, () =>
    assert.equal(compose(send("x", body)).draft.markdown, body));

const NOT_FOOTED = [
  // Not a paragraph of its own, not at the end, not the whole of it.
  `Hello\n${FOOTER}`,
  `We are ${FOOTER}`,
  `${FOOTER}\n\nBut none of this is true`,
  "Acme SA, registered in Paris",
  // Where a reader does not see it.
  `Hello <!--\n\n${FOOTER}`,
  `<div style="display:none">\n\n${FOOTER}`,
  `Hello <span hidden>\n\n${FOOTER}</span>`,
  `<style>p{display:none}</style>\n\n${FOOTER}`,
];
for (const body of NOT_FOOTED)
  test(`composeEmail() does not take for the footer what ${JSON.stringify(body)} ends in`, () =>
    assert.equal(compose(send("x", body)).draft.markdown, `${body}\n\n${FOOTER}`));

test("composeEmail() adds each footer that is missing, whichever is there", () => {
  const footers = [located("Support"), located("Acme SA"), located("Acme SA")];
  const bodyOf = (body: string) => compose(send("x", body), { footers }).draft.markdown;
  assert.equal(bodyOf("Hello"), "Hello\n\nSupport\n\nAcme SA");
  assert.equal(bodyOf("Hello\n\nSupport"), "Hello\n\nSupport\n\nAcme SA");
  assert.equal(bodyOf("Hello\n\nAcme SA"), "Hello\n\nAcme SA\n\nSupport");
  assert.equal(bodyOf("Hello\n\nSupport\n\nAcme SA"), "Hello\n\nSupport\n\nAcme SA");
  assert.equal(bodyOf("Hello\n\nAcme SA\n\nSupport\n"), "Hello\n\nAcme SA\n\nSupport\n");
});

test("composeEmail() gives nobody a copy who gets the email anyway", () => {
  const all = compose(
    send(
      "x",
      "x",
      recipient("to", "Records <RECORDS@Acme.example>"),
      recipient("bcc", "archive@acme.example"),
    ),
  );
  assert.deepEqual(people(all), ["to Records <RECORDS@Acme.example>", "bcc archive@acme.example"]);
  // Another tag may be another mailbox.
  assert.deepEqual(people(compose(send("x", "x", recipient("to", "records+a@acme.example")))), [
    "to records+a@acme.example",
    "cc records@acme.example (composed)",
    "bcc archive@acme.example (composed)",
  ]);
});

test("composeEmail() leaves a reply's subject to MultiMail, and copies nobody who is in the email replied to", () => {
  const texts = ["jane@client.example", "support@acme.example", "records@acme.example"];
  const participants = texts.map((text) => ({ text, parsed: parseAddress(text) }));
  const original = { ok: true, participants, status: "read", subject: "Order" } as const;
  const action = compose(REPLY, { original });
  assert.equal(action.draft.subject, "");
  assert.equal(action.draft.markdown, `Thank you\n\n${FOOTER}`);
  assert.deepEqual(people(action), ["bcc archive@acme.example (composed)"]);
  assert.equal(people(compose(REPLY, { original: { ok: false, message: "gone" } })).length, 2);
});
