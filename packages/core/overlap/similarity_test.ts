import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprint } from "./fingerprint.ts";
import { similarity } from "./similarity.ts";

const alike = (a: string, b: string): number => similarity(fingerprint(a), fingerprint(b));

const REMINDER = `Invoice 2024-118 is overdue
Dear Ms Okafor,

our invoice 2024-118 of 1,250.00 EUR was due on 3 May and we have not received your payment yet. Could you please
transfer the amount by the end of next week, or tell us if anything about the delivery was not as agreed?

Kind regards,
Lena`;

const NEAR: Readonly<Record<string, string>> = {
  "another greeting, name, number and date": `Invoice 2024-231 is overdue
Hello Jonas!

Our invoice 2024-231 of 98.40 EUR was due on 12 June and we have not received your payment yet. Could you please
transfer the amount by the end of next week, or tell us if anything about the delivery was not as agreed?

Best,
Tom Baker
Acme Finance`,
  "other line breaks, blanks and case": REMINDER.replaceAll("\n", "\r\n   ")
    .replaceAll(" ", "  ")
    .toUpperCase(),
  "one sentence more": REMINDER.replace(
    "agreed?",
    "agreed? A copy of the invoice is attached to this email.",
  ),
  "a few words changed": REMINDER.replace("transfer the amount", "settle the amount").replace(
    "next week",
    "the month",
  ),
  "Markdown emphasis": REMINDER.replace("was due", "**was due**").replace("payment", "_payment_"),
  "decomposed and full-width letters": REMINDER.normalize("NFD").replace("invoice", "ｉｎｖｏｉｃｅ"),
  "the earlier email quoted below": `${REMINDER}\n\n> Hello, could you send me the price list for the spring season?\n> Thanks a lot`,
};

const FAR: Readonly<Record<string, string>> = {
  "another reminder in its own words": `Payment outstanding
Dear Ms Okafor,

we are still waiting for the money for last month's consulting. Please check with your bank whether the transfer
went out, and let me know by Friday, since otherwise I have to hand this over to collections.

Kind regards,
Lena`,
  "a question about the same invoice": `Question about invoice 2024-118
Dear Ms Okafor,

which cost centre shall appear on the document? Our accountant would like to correct it before the quarter closes,
and she also needs the purchase order number that your colleague mentioned on the phone.

Kind regards,
Lena`,
  "a thank-you for the payment": `Thank you
Dear Ms Okafor,

your transfer for invoice 2024-118 arrived this morning, thank you. We have closed the case and sent the receipt to
your accounting department.

Kind regards,
Lena`,
  "a delivery notice": `Your order has left our warehouse
Hello Jonas,

the parcel with your order was handed to the carrier today and should be with you on Thursday. You can follow it with
the tracking code below.

Best,
Tom`,
};

test("similarity() is above 0.6 for near-duplicates", async (t) => {
  for (const [name, text] of Object.entries(NEAR)) {
    await t.test(name, () => {
      const value = alike(REMINDER, text);
      assert.ok(value > 0.6, `${value}`);
    });
  }
});

test("similarity() is below 0.4 for different emails on the same kind of matter", async (t) => {
  const texts = Object.entries({ ...FAR, reminder: REMINDER });
  for (const [name, text] of texts) {
    for (const [otherName, other] of texts) {
      if (name >= otherName) continue;
      await t.test(`${name} / ${otherName}`, () => {
        const value = alike(text, other);
        assert.ok(value < 0.4, `${value}`);
      });
    }
  }
});

test("similarity() compares short emails and other scripts", () => {
  assert.ok(
    alike(
      "Rappel\nBonjour Anne,\nvotre facture 12 est impayée depuis mardi.",
      "Rappel\nBonjour Luc,\nvotre facture 99 est impayée depuis mardi.",
    ) > 0.9,
  );
  assert.ok(alike("发票12尚未付款,请尽快付款", "发票99尚未付款,请尽快付款") > 0.9);
  assert.ok(alike("发票尚未付款,请尽快付款", "明天的会议改到下午三点") < 0.2);
  assert.equal(alike("Thanks!", "Thanks!"), 1);
  assert.ok(alike("See you on Monday at ten", "Your contract is attached") < 0.2);
});

test("similarity() is 0 when there is nothing to compare", () => {
  assert.equal(alike("", ""), 0);
  assert.equal(alike("123 456", "123 456"), 0);
  assert.equal(alike("", REMINDER), 0);
});

test("similarity() of long emails is close to the share of common words", () => {
  const word = (i: number): string =>
    `w${[...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("")}`;
  const text = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => word(from + i)).join(" ");
  assert.ok(Math.abs(alike(text(0, 4000), text(2000, 6000)) - 0.5) < 0.12);
});

test("similarity() is symmetric, within 0 and 1, and 1 of a text with itself", () => {
  const texts = fc.array(fc.constantFrom("invoice", "payment", "overdue", "the", "42", "\n", "été", "付款"), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      const [a, b] = [fingerprint(left.join(" ")), fingerprint(right.join(" "))];
      const value = similarity(a, b);
      assert.equal(value, similarity(b, a));
      assert.ok(value >= 0 && value <= 1);
      assert.equal(similarity(a, a), a.length === 0 ? 0 : 1);
    }),
  );
});
