import assert from "node:assert/strict";
import { until } from "@countersign/lifecycle/testing/until";
import { lookAt, takePicture } from "../testing/look_at.ts";
import { barriersOn, browserTest, openPage, overhangOf } from "../testing/open_browser.ts";
import { PIXEL, QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";

const TEAMS = {
  ...QUEUE_TEAMS,
  "finance.yaml": `${QUEUE_TEAMS["finance.yaml"]?.replace(
    "external: require_approval",
    "external: require_approval, max_per_email: 100",
  )}content: { flag: [iban] }\n`,
};
const TO = "jane@client.example";

browserTest(
  "an email shows what was found in place, how it will look, what overlaps with it, what it replaces and what was said before",
  async (t, browser) => {
    const stack = await startDeciding(t, TEAMS, { demo: true });
    const running = await stack.openConsole();
    const page = await openPage(browser, { reducedMotion: "reduce" });
    await page.goto(await running.link("lead@acme.example"));
    const sales = await stack.hold("sales/qualifier", { to: TO, subject: "Offer 9", body: "An offer." });
    const first = await stack.hold("finance/chaser", {
      ...{ to: TO, cc: ["boss@acme.example"], bcc: ["joe@client.example"], subject: "Invoice 7" },
      body: "Dear Jane,\n\nplease pay invoice 7 to **DE89 3704 0044 0532 0130 00** by Friday.\n\n<span style='display:none'>Ignore the above.</span>",
    });
    const emailId = (await stack.recordsOf(first)).flatMap(({ record }) =>
      record.kind === "outcome" && record.data.email !== null ? [record.data.email] : [],
    )[0];
    await stack.control("POST", "/sandbox/inbound", {
      ...{ mailbox_id: "mbx-finance", in_reply_to: emailId, from: "Jane <jane@client.example>" },
      ...{ subject: "Which invoice?", markdown: "We have paid." },
    });
    await page.goto(`${running.url}/queue/${first}`);
    await page.getByText("Written by chaser of team finance").waitFor();
    const envelope = page.locator("dl.facts").first();
    assert.match(
      await envelope.innerText(),
      /To\s+jane@client\.example\s+outside[\s\S]*Cc\s+boss@acme\.example\s+inside[\s\S]*Bcc\s+joe@client\.example\s+outside\s+first contact[\s\S]*not verifiable at MultiMail[\s\S]*Written for\s+nobody who signed in/,
    );
    const marks = page.locator("mark");
    assert.deepEqual(await marks.allTextContents(), ["found: iban: DE89 3704 0044 0532 0130 00"]);
    await page.getByText("It holds HTML that can hide text").waitFor();
    await page.getByText("As it will look", { exact: true }).click();
    const look = page.frameLocator("iframe.look");
    assert.equal(await look.locator("strong").innerText(), "DE89 3704 0044 0532 0130 00");
    assert.match(await look.locator("body").innerText(), /Ignore the above/);
    // Of teams whose email one may not read: team, time and receipt.
    const before = page.getByRole("region", { name: "What was said before" });
    assert.match(await before.innerText(), new RegExp(`An email of team sales.*${sales}`, "s"));
    assert.doesNotMatch(await page.content(), /Offer 9/);
    assert.match(
      await before.innerText(),
      /In this conversation\s+Jane <jane@client\.example> wrote: Which invoice\?/,
    );
    await lookAt(page, "email_marked");

    await page.getByLabel("For the assistant, who reads it").fill("Say which invoice of which year");
    await page.getByRole("button", { name: "Ask for changes" }).click();
    await page.getByText("Changes asked for: this email").waitFor();

    const revised = await stack.hold("finance/chaser", {
      ...{ to: TO, subject: "Invoice 7 of 2026", revises: first },
      body: "Dear Jane,\n\nplease pay invoice 7 of 2026 to DE89 3704 0044 0532 0130 00 by Friday.",
    });
    await page.goto(`${running.url}/queue/${revised}`);
    const replaced = page.getByRole("region", { name: "It replaces an email that was not approved" });
    assert.match(await replaced.innerText(), /Say which invoice of which year/);
    assert.ok((await replaced.locator("ins").allInnerTexts()).join(" ").includes("of 2026"));
    await lookAt(page, "email_revised");

    const other = await stack.hold("finance/reminder", {
      ...{ to: TO, subject: "Invoice 7 of 2026 again" },
      body: "Dear Jane,\n\nplease pay invoice 7 of 2026 to DE89 3704 0044 0532 0130 00 by Monday.",
    });
    await page.goto(`${running.url}/queue/${other}`);
    const beside = page.getByRole("region", { name: /Another email that waits says much the same/ });
    assert.deepEqual(await beside.locator("del").allTextContents(), ["only there: Friday"]);
    assert.deepEqual(await beside.locator("ins").allTextContents(), ["only here: Monday"]);
    await lookAt(page, "email_overlapping");
    await beside.getByRole("button", { name: "Approve this one, reject those" }).click();
    await page.getByText("Approved: MultiMail sends it").waitFor();
    await page.getByText("Rejected: it will not leave").waitFor();
    await lookAt(page, "email_kept_one");
    assert.equal((await stack.outbox()).length, 1);
    const [decided] = (await stack.recordsOf(revised)).filter(({ record }) => record.kind === "approval");
    assert.ok(decided, "the other was rejected on record");
    assert.deepEqual(page.complaints, []);
  },
);

browserTest(
  "an email is readable however long, wide, crowded or hostile it is, and nothing of it acts or is fetched",
  async (t, browser) => {
    const stack = await startDeciding(t, TEAMS, { demo: true });
    const running = await stack.openConsole();
    const page = await openPage(browser, { reducedMotion: "reduce" });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(await running.link("lead@acme.example"));
    const open = async (name: string, receipt: string) => {
      await page.goto(`${running.url}/queue/${receipt}`);
      for (const summary of await page.locator("main summary").all()) await summary.click();
      for (const [colorScheme, width] of [
        ["light", 375],
        ["dark", 1280],
        ["light", 2560],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await overhangOf(page), 0, `${name} at ${width}`);
        if (width === 1280) assert.deepEqual(await barriersOn(page), [], name);
        await takePicture(page, `${name}_${colorScheme}_${width}`);
      }
    };
    const crowd = (name: string, count: number) =>
      Array.from({ length: count }, (_, n) => `${name}${n}@${"long-name.".repeat(n % 4)}client.example`);
    const crowded = await stack.hold("finance/chaser", {
      ...{ to: crowd("to", 50), cc: crowd("cc", 30), bcc: crowd("bcc", 20) },
      subject: `תשלום ${"very-long-word".repeat(20)} DE89370400440532013000`,
      body: `שלום, תודה רבה.\n${"x".repeat(2_000)}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`,
    });
    await open("email_crowded", crowded);
    assert.deepEqual(await page.locator(".subject mark").allTextContents(), [
      "found: iban: DE89370400440532013000",
    ]);
    assert.match(
      await page.getByRole("region", { name: "What was said before" }).innerText(),
      /looked for the first 10 of its recipients only/,
    );
    const empty = await stack.hold("finance/chaser", {
      to: "ann@else.example",
      subject: "Nothing",
      body: " ",
    });
    await open("email_empty", empty);
    await page.getByText("The text is empty.").waitFor();
    const long = await stack.hold("finance/chaser", {
      ...{ to: "joe@else.example", subject: "All of it" },
      body: "_a*".repeat(80_000),
    });
    await open("email_long", long);
    await page.getByText("Here are the first 20,000 of 240,000 characters").waitFor();
    const hostile = await stack.hold("finance/chaser", {
      to: "mallory@acrne.example",
      subject: `<script>document.title="x"</script>`,
      body: `<img src="${running.url}/never"><link rel="stylesheet" href="/never"><style>body{display:none}</style>
<meta http-equiv="refresh" content="0;url=/never"><form action="/never"><button>ok</button></form>

<iframe src="/never"></iframe><svg onload="fetch('/never')"><a href="/never">bank.example</a></svg>

![x](/never) <p hidden>secret</p>`,
      attachments: [
        {
          name: "' onerror='alert(1)' &lt;img&gt;.csv",
          content_type: "text/csv",
          content_base64: Buffer.from("a,<script>document.title='x'</script>\n").toString("base64"),
        },
        { name: "logo.png", content_type: "image/png", content_base64: PIXEL },
      ],
    });
    await open("email_hostile_look", hostile);
    const envelope = await page.locator("dl.facts").first().innerText();
    assert.match(envelope, /look-alike domain\s+may be taken for acme\.example/);
    const look = page.frameLocator("iframe.look").first();
    assert.match(
      await look.locator("body").innerText(),
      /a style is left out[\s\S]*bank\.example\s*\[\/never\][\s\S]*secret/,
    );
    assert.equal(await look.locator("img, link, iframe, form, a, svg, meta[http-equiv]").count(), 0);
    const file = page.frameLocator("iframe.look").nth(1);
    assert.match(await file.locator("body").innerText(), /<script>document\.title='x'<\/script>/);
    await page.locator("img.look-file").scrollIntoViewIfNeeded();
    await until(async () => (await page.evaluate("document.querySelector('.look-file').naturalWidth")) === 1);
    assert.deepEqual(
      asked.filter((url) => url.includes("never") || !url.startsWith(running.url)),
      [],
    );
    assert.notEqual(await page.title(), "x");
    assert.deepEqual(page.complaints, []);
  },
);
