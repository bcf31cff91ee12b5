import assert from "node:assert/strict";
import { lookAt } from "../testing/look_at.ts";
import { browserTest, openPage } from "../testing/open_browser.ts";
import { HOSTILE_BODY, HOSTILE_SUBJECT, PIXEL, QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

browserTest(
  "the queue and an email are without barriers, in both themes, and as wide as their window on any screen",
  async (t, browser) => {
    const stack = await startDeciding(t, QUEUE_TEAMS, { demo: true });
    const running = await stack.openConsole();
    // A colour that is on its way to the other theme has no contrast yet.
    const page = await openPage(browser, { reducedMotion: "reduce" });
    await page.goto(await running.link("lead@acme.example"));
    await page.goto(`${running.url}/queue`);
    await lookAt(page, "queue_empty");
    const attachments = [
      {
        name: "overdue-invoices-of-the-third-quarter.csv",
        content_type: "text/csv",
        content_base64: "YSxiCjEsMgo=",
      },
      { name: "logo.png", content_type: "image/png", content_base64: PIXEL },
    ];
    const rich = await stack.hold("finance/chaser", {
      to: ["jane@client.example", `${"a".repeat(60)}@${"long-name.".repeat(6)}example`],
      cc: ["joe@client.example"],
      bcc: ["boss@acme.example"],
      subject: "Invoices 4711 to 4718 are overdue: a reminder",
      body: `Dear Jane,\n\nthe invoices 4711 to 4718 are overdue since 1 November.\nPlease pay within ten days, or call us.\n\n${"x".repeat(300)}\n\nשלום, תודה רבה.\n\nKind regards\nAcme Finance`,
      attachments,
    });
    await stack.hold("finance/chaser", EMAIL);
    await stack.hold("finance/reminder", { ...EMAIL, body: "Please pay now." });
    const hostile = await stack.hold("finance/chaser", {
      to: "mallory@else.example",
      subject: HOSTILE_SUBJECT.replace("\u202E", ""),
      body: HOSTILE_BODY,
    });
    const two = await stack.hold("finance/chaser", { ...EMAIL, to: "jane@bank.example", subject: "Wire 9" });
    await page.goto(`${running.url}/queue`);
    await lookAt(page, "queue");
    await page.goto(`${running.url}/queue/${rich}`);
    await lookAt(page, "email");
    await page.goto(`${running.url}/queue/${hostile}`);
    await lookAt(page, "email_hostile");
    assert.match(await page.title(), /^<script>document\.title="x"<\/script>/);
    assert.equal(await page.locator("main img, main script, main style").count(), 0);
    const body = await page.getByLabel("The email's text").innerText();
    assert.ok(body.includes('<style>body{display:none}</style><form action="//evil.example">'), body);
    await page.goto(`${running.url}/queue/${two}`);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Your approval counts; more people must approve").waitFor();
    await lookAt(page, "email_waits_for_others");
    await page.goto(`${running.url}/queue/${rich}`);
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByText("Say why: the policy wants a reason").waitFor();
    await page.getByLabel("For the assistant, who reads it").fill("Two of these are paid");
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByText("Rejected: it will not leave").waitFor();
    await lookAt(page, "email_rejected");
    assert.deepEqual(page.complaints, []);
  },
);

browserTest("an email is found, read and approved by keyboard alone", async (t, browser) => {
  const stack = await startDeciding(t, QUEUE_TEAMS);
  const running = await stack.openConsole();
  await stack.hold("finance/chaser", EMAIL);
  const page = await openPage(browser);
  await page.goto(await running.link("lead@acme.example"));
  await page.waitForURL(`${running.url}/queue`);
  const tabTo = async (name: string) => {
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press("Tab");
      const text = await page.evaluate("document.activeElement.textContent.trim()");
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      assert.notEqual(outline, "none", `${text} shows no focus`);
      if (text === name) return;
    }
    throw new Error(`Cannot reach ${name}`);
  };
  await tabTo("Invoice 7");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your decision" }).waitFor();
  await tabTo("Approve");
  await page.keyboard.press("Enter");
  await page.getByText("Approved: MultiMail sends it").waitFor();
  assert.equal((await stack.outbox()).length, 1);
});

browserTest("files open inert: a page of scripts is text, and a picture is a picture", async (t, browser) => {
  const stack = await startDeciding(t, QUEUE_TEAMS);
  const running = await stack.openConsole();
  const script = Buffer.from("note,<script>document.title='x'</script>\n").toString("base64");
  const receipt = await stack.hold("finance/chaser", {
    ...EMAIL,
    attachments: [
      { name: "a.csv", content_type: "text/csv", content_base64: script },
      { name: "p.png", content_type: "image/png", content_base64: PIXEL },
    ],
  });
  const page = await openPage(browser);
  await page.goto(await running.link("lead@acme.example"));
  await page.goto(`${running.url}/queue/${receipt}/files/1`);
  assert.match(await page.locator("body").innerText(), /<script>document\.title='x'<\/script>/);
  assert.notEqual(await page.title(), "x");
  await page.goto(`${running.url}/queue/${receipt}/files/2`);
  assert.equal(await page.locator("img").count(), 1);
});
