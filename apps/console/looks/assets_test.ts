import assert from "node:assert/strict";
import { test } from "node:test";
import { ASSETS, assetRoutes } from "./assets.ts";

test("the style sheet and the script are less than 60 KB together, and load nothing from elsewhere", () => {
  const { style, script } = ASSETS;
  assert.ok(style.bytes.length + script.bytes.length < 60_000);
  const css = Buffer.from(style.bytes).toString();
  const loaded = [...css.matchAll(/url\("?([^")]+)/g)].map(([, path]) => path);
  assert.deepEqual(loaded, [ASSETS.latinExt.path, ASSETS.latin.path]);
  assert.doesNotMatch(css, /@import/);
});

test("assetRoutes() serves each file for ever, under a path that names its content", async () => {
  for (const { path, type, bytes } of Object.values(ASSETS)) {
    const response = await assetRoutes().request(path);
    assert.equal(response.headers.get("content-type"), type);
    assert.match(response.headers.get("cache-control") ?? "", /immutable/);
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  }
});
