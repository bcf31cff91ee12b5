import assert from "node:assert/strict";
import { appendWaiting } from "../testing/append_waiting.ts";
import { lookAt } from "../testing/look_at.ts";
import { browserTest, openPage } from "../testing/open_browser.ts";
import { QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

/** A subject and a recipient that no layout likes. */
const WIDE = `${"x".repeat(120)} and ${"word ".repeat(30)}`;
const HEBREW = "שלום, תזכורת לתשלום חשבונית מספר 4711";

browserTest(
  "three thousand emails with long and right-to-left names fit any screen, fifty at a time",
  async (t, browser) => {
    const stack = await startDeciding(t, QUEUE_TEAMS, { demo: true });
    await appendWaiting(stack.trail, {
      count: 3_000,
      subject: (n) => [`Invoice ${n}`, WIDE, HEBREW, ""][n % 4] ?? "",
      to: (n) =>
        n % 5 === 1 ? `${"a".repeat(60)}@${"long-name.".repeat(8)}example` : `p${n}@client.example`,
      findings: (n) =>
        n % 3 === 1
          ? [
              {
                ...{ rule: "overlap", effect: "flag", message: "Alike", where: null, about: [] },
                detail: `Receipt rcp_finance_${String(n - 1).padStart(6, "0")}, similarity 0.91 of 0.8`,
              },
            ]
          : [],
    });
    const running = await stack.openConsole();
    const page = await openPage(browser, { reducedMotion: "reduce" });
    await page.goto(await running.link("lead@acme.example"));
    await page.getByText("3,000 emails wait, of which 1 to 50 are here").waitFor();
    assert.equal(await page.locator("tbody tr").count(), 50);
    await lookAt(page, "queue_3000");
    await page.getByRole("link", { name: "Newer" }).click();
    await page.getByText("of which 51 to 100 are here").waitFor();
    await page.getByLabel("Subject or recipient").fill("p77@client");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("1 email waits").waitFor();
    await page.getByLabel("Held because").selectOption("overlap");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("Nothing that waits is like that").waitFor();
    await page.goto(`${running.url}/queue?page=1`);
    // Two that say much the same are neighbours, in one frame.
    const pair = page.locator("tr.grouped");
    assert.match((await pair.nth(0).textContent()) ?? "", /says much the same as another here/);
    assert.equal(
      await page.locator("tr.grouped.first + tr.grouped:not(.first)").count(),
      (await pair.count()) / 2,
    );
    assert.deepEqual(page.complaints, []);
  },
);

browserTest(
  "a batch on a telephone approves what was opened, and says of each what became of it",
  async (t, browser) => {
    const stack = await startDeciding(t, QUEUE_TEAMS, { demo: true });
    const running = await stack.openConsole();
    const page = await openPage(browser, {
      viewport: { width: 375, height: 812 },
      hasTouch: true,
      reducedMotion: "reduce",
    });
    const held = (subject: string) =>
      stack.hold("finance/chaser", {
        ...EMAIL,
        subject,
        to: `${subject.replaceAll(" ", "")}@client.example`,
      });
    for (const subject of ["First one", "Second one", "Third one"]) await held(subject);
    await page.goto(await running.link("lead@acme.example"));
    const approve = page.getByRole("button", { name: "Approve the ticked ones" });
    assert.equal(await approve.isDisabled(), true);
    for (const subject of ["First one", "Second one"]) {
      await page.getByRole("link", { name: subject }).tap();
      await page.getByRole("heading", { name: subject }).waitFor();
      await page.getByRole("link", { name: "Back to the queue" }).tap();
      await page.getByRole("heading", { name: "Queue" }).waitFor();
    }
    assert.equal(await page.getByText("opened", { exact: true }).count(), 2);
    for (const subject of ["First one", "Second one", "Third one"])
      await page.getByLabel(`Tick ${subject}`).check();
    await approve.tap();
    await page.getByText("What became of all 3: 2 decided, 1 not").waitFor();
    assert.equal(await page.getByText("Approved: MultiMail sends it").count(), 2);
    await page.getByText("You have not opened it since you signed in").waitFor();
    await lookAt(page, "queue_batch");
    assert.equal((await stack.outbox()).length, 2);
    await page.setViewportSize({ width: 375, height: 812 });
    await page.getByLabel("Tick Third one").check();
    await page.getByLabel("Why?").fill("Paid meanwhile");
    await page.getByRole("button", { name: "Reject the ticked ones" }).tap();
    await page.getByText("Rejected: it will not leave").waitFor();
    await page.getByText("Nothing waits for you").waitFor();
    await lookAt(page, "queue_none");
    assert.deepEqual(page.complaints, []);
  },
);

browserTest(
  "keys lead through the queue, decide nothing by themselves, and can be switched off",
  async (t, browser) => {
    const stack = await startDeciding(t, QUEUE_TEAMS, { demo: true });
    const running = await stack.openConsole();
    const [first, second] = [
      await stack.hold("finance/chaser", { ...EMAIL, subject: "First" }),
      await stack.hold("finance/chaser", { ...EMAIL, subject: "Second", to: "joe@client.example" }),
    ];
    const page = await openPage(browser, { reducedMotion: "reduce" });
    await page.goto(await running.link("lead@acme.example"));
    const focused = () => page.evaluate("document.activeElement.textContent.trim()");
    for (const [key, text] of [
      ["j", "First"],
      ["j", "Second"],
      ["j", "Second"],
      ["k", "First"],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await focused(), text, key);
    }
    assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none");
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.waitFor();
    await lookAt(page, "keys");
    // In the dialog, keys are the dialog's.
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    await page.waitForURL(`${running.url}/queue/${second}#r`);
    assert.equal(await page.evaluate("document.activeElement.name"), "reason");
    await page.keyboard.type("jar?");
    assert.equal(await page.evaluate("document.activeElement.value"), "jar?", "text is text");
    await page.goto(`${running.url}/queue`);
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await page.waitForURL(`${running.url}/queue/${first}#a`);
    assert.equal(await focused(), "Approve");
    await page.keyboard.press("a");
    assert.equal((await stack.outbox()).length, 0, "no key decides");
    await page.keyboard.press("Enter");
    await page.getByText("Approved: MultiMail sends it").waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await lookAt(page, "settings");
    await page.getByLabel("Single keys do something").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").waitFor();
    await page.goto(`${running.url}/queue`);
    for (const key of ["j", "?", "r"]) await page.keyboard.press(key);
    assert.equal(await page.evaluate("document.activeElement.tagName"), "BODY");
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(page.url(), `${running.url}/queue`);
    assert.deepEqual(page.complaints, []);
  },
);

browserTest(
  "a page tells by itself how much waits and how much time is left, and keeps nobody signed in",
  async (t, browser) => {
    const stack = await startDeciding(t, QUEUE_TEAMS);
    const running = await stack.openConsole();
    await stack.hold("finance/chaser", EMAIL);
    await stack.control("POST", "/sandbox/inbound", {
      ...{ mailbox_id: "mbx-finance", from: "Ann <ann@client.example>", subject: HEBREW, markdown: "Hello" },
    });
    const page = await openPage(browser, { reducedMotion: "reduce" });
    await page.clock.install();
    await page.goto(await running.link("lead@acme.example"));
    await page.locator('[data-count="queue"]', { hasText: "1" }).waitFor();
    await page.locator('[data-count="incoming"]', { hasText: "1" }).waitFor();
    await page.getByText(/^(?:1 d 23|2 d 0) h left$/).waitFor();
    await stack.hold("finance/chaser", { ...EMAIL, subject: "Another", to: "joe@client.example" });
    await page.clock.fastForward(31_000);
    await page.getByRole("status").getByText("1 more email waits.").waitFor();
    assert.equal(await page.locator("tbody tr").count(), 1, "rows stay where they are until somebody asks");
    await lookAt(page, "queue_news");
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await page.getByText("2 emails wait").waitFor();
    await page.clock.fastForward(47 * 3_600_000);
    await page
      .getByText(/^5\d min left$/)
      .first()
      .waitFor();
    // Half an hour in which only the page asks is half an hour away.
    stack.advance(20 * 60_000);
    await page.clock.fastForward(31_000);
    stack.advance(11 * 60_000);
    await page.clock.fastForward(31_000);
    await page.getByText("You are signed out.").waitFor();
    assert.deepEqual(page.complaints, []);
  },
);

browserTest("received email is released and rejected in the browser, and looks well", async (t, browser) => {
  const stack = await startDeciding(t, QUEUE_TEAMS, { demo: true });
  const running = await stack.openConsole();
  const page = await openPage(browser, { reducedMotion: "reduce" });
  await page.goto(await running.link("lead@acme.example"));
  await page.goto(`${running.url}/incoming`);
  await lookAt(page, "incoming_none");
  const from = `${"Very Long Name ".repeat(8)}<${"x".repeat(50)}@long.example>`;
  const files = [{ name: `${"f".repeat(90)}.csv`, content_type: "text/csv", content_base64: "YSxiCjEsMgo=" }];
  for (const [subject, more] of [
    ["Invoice 1", { attachments: files }],
    [HEBREW, { from }],
    [WIDE, {}],
  ] as const)
    await stack.control("POST", "/sandbox/inbound", {
      ...{
        mailbox_id: "mbx-finance",
        from: "Ann <ann@client.example>",
        subject,
        markdown: `Hello\n${HEBREW}`,
      },
      ...more,
    });
  await stack.advance(6_000);
  await page.reload();
  await page.getByText("3 received emails wait").waitFor();
  await lookAt(page, "incoming");
  await page.getByRole("link", { name: "Invoice 1" }).click();
  await page.getByRole("button", { name: "Ask MultiMail, which then calls it read" }).click();
  await page.getByText(`${"f".repeat(90)}.csv`).waitFor();
  await lookAt(page, "incoming_one");
  await page.keyboard.press("a");
  await page.keyboard.press("Enter");
  await page.getByText("Released: the team's assistants may see it").waitFor();
  await page.getByRole("link", { name: HEBREW }).click();
  // Before a page is loaded, keys are nobody's.
  await page.getByRole("heading", { name: HEBREW }).waitFor();
  await page.waitForLoadState();
  await page.keyboard.press("r");
  assert.equal(await page.evaluate("document.activeElement.name"), "reason");
  await page.keyboard.type("Spam");
  await page.getByRole("button", { name: "Reject" }).click();
  await page.getByText("Rejected: no assistant will see it").waitFor();
  await page.getByText("1 received email waits").waitFor();
  // A megabyte in one line, and hardly a word.
  await stack.control("POST", "/sandbox/inbound", {
    ...{
      mailbox_id: "mbx-finance",
      from: "ann@client.example",
      subject: "Long",
      markdown: "w".repeat(1_000_000),
    },
  });
  await stack.advance(6_000);
  await page.reload();
  await page.getByRole("link", { name: "Long" }).click();
  await page.getByRole("button", { name: "Release it to the assistants" }).waitFor();
  await lookAt(page, "incoming_long");
  assert.deepEqual(page.complaints, []);
});
