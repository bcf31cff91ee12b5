import { accessSync, constants, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Names under which systems have Chromium or what it became. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

const HOW = "No Chromium on PATH: install one (Debian: apt-get install chromium) to run tests in a browser";

/** Where the browser is: `CHROMIUM`, or on PATH; undefined: there is none. */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter);
  const paths = [env.CHROMIUM ?? "", ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))];
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return path !== "";
    } catch {
      return false;
    }
  });
}

/**
 * A test in a real browser. Where there is none it is skipped by its name, and says how to get one; with CI=true it fails: there
 * nobody would notice.
 */
export function browserTest(name: string, run: (t: TestContext, browser: Browser) => Promise<void>): void {
  const executablePath = findChromium();
  const isSkipped = executablePath === undefined && process.env.CI !== "true";
  test(name, { skip: isSkipped && HOW }, async (t) => {
    if (executablePath === undefined) throw new Error(HOW);
    // Containers have little shared memory, and root has no sandbox.
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    t.after(() => browser.close());
    await run(t, browser);
  });
}

/** A page in a window of its own, in which nothing may go wrong: what the browser complains of fails the test. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page & { readonly complaints: string[] }> {
  const context = await browser.newContext({ timezoneId: "Europe/Paris", locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return Object.assign(page, { complaints });
}

/** Something that a reader with an impairment would stumble over. */
export interface Barrier {
  readonly rule: string;
  readonly what: string;
  /** The elements, as markup. */
  readonly where: readonly string[];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds on a page against WCAG 2.2 AA and its own good practice. */
export async function barriersOn(page: Page): Promise<readonly Barrier[]> {
  // Not as a script element, which the page's own policy would keep out.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe;
    interface Violation {
      id: string;
      help: string;
      nodes: { html: string }[];
    }
    const { violations } = await axe.run();
    return violations.map(({ id, help, nodes }) => ({
      rule: id,
      what: help,
      where: nodes.map(({ html }) => html),
    }));
  });
}

/** By how many pixels a page is wider than its window. */
export function overhangOf(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
