import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { barriersOn, browserTest, openPage, overhangOf } from "./testing/open_browser.ts";
import { appendSampleRecords, HOSTILE } from "./testing/sample_records.ts";
import { startTestConsole } from "./testing/start_test_console.ts";
import { EVERYBODY, TEAMS_OF_EVERYBODY } from "./testing/teams.ts";

/** SHOTS: a folder into which pictures of all pages are put. */
const { SHOTS } = process.env;

browserTest(
  "every page is without barriers, in both themes, and as wide as its window on any screen",
  async (t, browser) => {
    const console = await startTestConsole(t, {
      teams: TEAMS_OF_EVERYBODY,
    });
    const hostile = await appendSampleRecords(console.trail, {
      teams: TEAMS_OF_EVERYBODY,
      now: console.now(),
    });
    const paths = [
      "/sign-in",
      "/queue",
      "/policies",
      "/policies/finance",
      "/policies/finance?view=text#L3",
      "/policies/finance?view=versions",
      "/history",
      "/figures",
      "/figures?team=sales",
      "/trail",
      "/trail?recipient=nonsense",
      `/trail/${hostile}`,
      "/trail/rcp_sales_1",
      "/trail-health",
      "/mailboxes",
      "/shell",
      "/settings",
      "/nothing",
    ];
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await openPage(browser, { colorScheme, viewport: { width: 1280, height: 800 } });
      for (const path of paths) {
        if (path === "/policies") await page.goto(await console.running.link(EVERYBODY));
        await page.goto(`${console.url}${path}`);
        assert.deepEqual(await barriersOn(page), [], `${path} ${colorScheme}`);
        for (const width of colorScheme === "light" || SHOTS !== undefined ? [375, 2560, 1280] : []) {
          await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
          assert.equal(await overhangOf(page), 0, `${path} at ${width}`);
          if (SHOTS !== undefined) {
            mkdirSync(SHOTS, { recursive: true });
            const name = `${path.replaceAll(/\W+/g, "_")}_${colorScheme}_${width}.png`;
            await page.screenshot({ path: join(SHOTS, name), fullPage: width === 375 });
          }
        }
      }
      const { complaints } = page;
      assert.deepEqual(
        complaints.filter((text) => !/404|403/.test(text)),
        [],
      );
      await page.context().close();
    }
  },
);

browserTest("barriersOn() finds a barrier where there is one", async (_, browser) => {
  const page = await openPage(browser);
  await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main></html>');
  assert.deepEqual(
    (await barriersOn(page)).map(({ rule }) => rule),
    ["image-alt"],
  );
});

browserTest("text from email is shown as it is, and is never markup", async (t, browser) => {
  const console = await startTestConsole(t, { teams: TEAMS_OF_EVERYBODY });
  const hostile = await appendSampleRecords(console.trail, { teams: TEAMS_OF_EVERYBODY, now: console.now() });
  const page = await openPage(browser);
  await page.goto(await console.running.link(EVERYBODY));
  await page.goto(`${console.url}/trail/${hostile}`);
  assert.equal(await page.title(), "rcp_hostile · Countersign");
  assert.equal(await page.locator("main img, main script").count(), 0);
  await page.getByLabel("Why must it be read?").fill("Complaint 4711");
  await page.getByRole("button", { name: "Show the body" }).click();
  const body = await page.getByLabel("The email's text").innerText();
  assert.ok(body.includes(HOSTILE.replaceAll(/[\u202c\u202e]/g, "\ufffd")), body);
  assert.equal(await page.title(), "rcp_hostile · Countersign");
  assert.match(
    await page.locator(".timeline").innerText(),
    /Somebody asked for the body[\s\S]*everybody@acme\.example[\s\S]*Complaint 4711/,
  );
  assert.deepEqual(page.complaints, []);
});

browserTest(
  "the page works by keyboard: the first stop leads to the content, and moments are in the reader's own time",
  async (t, browser) => {
    const console = await startTestConsole(t, { teams: TEAMS_OF_EVERYBODY });
    await appendSampleRecords(console.trail, { teams: TEAMS_OF_EVERYBODY, now: console.now() });
    const page = await openPage(browser);
    await page.goto(await console.running.link(EVERYBODY));
    await page.goto(`${console.url}/history`);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "content");
    const moment = page.locator("main time").first();
    const [utc, own] = [await moment.getAttribute("title"), await moment.innerText()];
    assert.match(utc ?? "", /^2026-11-23 \d\d:\d\d:\d\d UTC$/);
    // Paris is an hour ahead in winter.
    const hour = Number(utc?.slice(11, 13)) + 1;
    assert.match(own, new RegExp(`^23 Nov 2026, ${String(hour).padStart(2, "0")}:`));
    // Decided at MultiMail, past the console: it says so, who it was, and how long it had waited.
    const row = page.locator("tbody tr").first();
    assert.match(
      await row.innerText(),
      /approved[\s\S]*sales-lead@acme\.example\s+at MultiMail, past the console[\s\S]*sales\/lead-qualifier[\s\S]*3 h 0 min/,
    );
    await page.getByLabel("Decision").selectOption("rejected");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("The amount is wrong").first().waitFor();
    const rejected = await page.locator("tbody tr").count();
    // What is filtered is downloaded.
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "decisions.csv");
    const [header = "", ...lines] = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\r\n");
    assert.match(header, /^decided_at,team,assistant,receipt,decision,by,.*,reason,waited_seconds,where,/);
    assert.equal(lines.length, rejected);
    assert.match(
      lines[0] ?? "",
      /^2026-11-.*,sales,lead-qualifier,rcp_sales_40,rejected,sales-lead@acme\.example,.*,The amount is wrong,3600,/,
    );
  },
);
