import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { browserTest, openPage } from "../testing/open_browser.ts";
import { QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";

/** PICTURES=1: writes the pictures that the guides show, instead of looking whether they are there. */
const { PICTURES } = process.env;

const ORGANISATION = `internal: [acme.example]
auditors: [audit@acme.example]
operators: [audit@acme.example]
`;

const TEAMS = {
  ...QUEUE_TEAMS,
  "_organisation.yaml": ORGANISATION,
  "finance.yaml": `${QUEUE_TEAMS["finance.yaml"]}content: { flag: [iban] }\n`,
};

/** Width and height of a PNG (its IHDR chunk, PNG specification 11.2.2). */
function sizeOf(png: Buffer): string {
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

browserTest("the guides' pictures show the console as it is", async (t, browser) => {
  const stack = await startDeciding(t, TEAMS, { demo: true });
  const running = await stack.openConsole();
  await stack.hold("finance/chaser", {
    to: ["jane@client.example"],
    cc: ["joe@client.example"],
    bcc: ["records@acme.example"],
    subject: "Invoice 4711 is overdue",
    body: "Dear Jane,\n\ninvoice 4711 of 12 October is overdue since 1 November. Please pay it by Friday, to\nDE89 3704 0044 0532 0130 00, or tell us what keeps you from it.\n\nKind regards\nAcme Finance",
    attachments: [
      {
        name: "invoice-4711.csv",
        content_type: "text/csv",
        content_base64: "bm8sYW1vdW50CjQ3MTEsMTIwMC4wMAo=",
      },
    ],
  });
  const wire = await stack.hold("finance/chaser", {
    to: "treasury@bank.example",
    subject: "Confirmation of standing order 9",
    body: "Please confirm standing order 9.",
  });
  await stack.hold("finance/chaser", {
    to: "joe@supplier.example",
    subject: "What is missing",
    body: "The tax number is missing from invoice 12.",
  });
  const overlapping = await stack.hold("finance/reminder", {
    to: "joe@supplier.example",
    subject: "What is missing from invoice 12",
    body: "The tax number is missing from invoice 12, please send it.",
  });
  const page = await openPage(browser, {
    colorScheme: "light",
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 800 },
  });
  const picture = async (name: string) => {
    const taken = await page.screenshot();
    const path = new URL(`pictures/${name}.png`, import.meta.url);
    if (PICTURES !== undefined) writeFileSync(path, taken);
    assert.equal(sizeOf(readFileSync(path)), sizeOf(taken), `${name}: make it anew with PICTURES=1`);
  };

  await page.goto(await running.link("lead@acme.example"));
  await page.getByText("4 emails wait").waitFor();
  await picture("queue");
  await page.getByRole("link", { name: "Invoice 4711 is overdue" }).first().click();
  await page.getByRole("heading", { name: "Your decision" }).waitFor();
  assert.deepEqual(await page.locator("mark").allTextContents(), [
    "found: iban: DE89 3704 0044 0532 0130 00",
  ]);
  await picture("email");
  await page.goto(`${running.url}/queue/${overlapping}`);
  await page.getByRole("heading", { name: /says much the same/ }).scrollIntoViewIfNeeded();
  await page.evaluate("document.getElementById('overlapping').scrollIntoView()");
  await picture("overlapping");
  await page.setViewportSize({ width: 375, height: 812 });
  await page.goto(`${running.url}/queue`);
  await picture("telephone");

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${running.url}/queue/${wire}`);
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Your approval counts; more people must approve").waitFor();
  await picture("four_eyes");
  await page.goto(`${running.url}/queue/${overlapping}`);
  await page.getByLabel("For the assistant, who reads it").fill("The other one says it already");
  await page.getByRole("button", { name: "Reject", exact: true }).click();
  await page.getByText("Rejected: it will not leave").waitFor();
  await page.context().clearCookies();
  await page.goto(await running.link("audit@acme.example"));
  await page.goto(`${running.url}/history`);
  await page.getByText("The other one says it already").waitFor();
  await picture("history");
  await page.goto(`${running.url}/trail/${overlapping}`);
  await picture("timeline");
  assert.deepEqual(page.complaints, []);
});
