import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { barriersOn, overhangOf } from "./open_browser.ts";

/** SHOTS: a folder into which pictures of all pages are put. */
const { SHOTS } = process.env;

/**
 * Looks at a page in both themes and at three widths, and leaves it 1280 pixels wide: it has no barriers, and is as wide as its
 * window. Wants a page with reduced motion: a colour that is on its way to the other theme has no contrast yet.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.deepEqual(await barriersOn(page), [], `${name} ${colorScheme}`);
    for (const width of [375, 2560, 1280]) {
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      assert.equal(await overhangOf(page), 0, `${name} at ${width}`);
      await takePicture(page, `${name}_${colorScheme}_${width}`);
    }
  }
}

/** Keeps a picture of a whole page, if pictures are wanted. A frame is drawn only where the window shows it: so the window is as high as the page. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  if (SHOTS === undefined || size === null) return;
  mkdirSync(SHOTS, { recursive: true });
  const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
  await page.setViewportSize({ ...size, height: Math.min(Math.max(height, size.height), MAX_HEIGHT) });
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  await page.setViewportSize(size);
}

/** No picture is higher, in pixels. */
const MAX_HEIGHT = 12_000;
