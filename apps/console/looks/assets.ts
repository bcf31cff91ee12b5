import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";

/** A file that pages use. Its path names its content, so that browsers keep it for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const file = (name: string): Buffer => readFileSync(new URL(name, import.meta.url));
const ofPackage = (name: string): Buffer => readFileSync(fileURLToPath(import.meta.resolve(name)));

const FONTS = "@fontsource-variable/inter/files/inter-";
const latin = asset("inter-latin.woff2", "font/woff2", [ofPackage(`${FONTS}latin-wght-normal.woff2`)]);
const latinExt = asset("inter-latin-ext.woff2", "font/woff2", [
  ofPackage(`${FONTS}latin-ext-wght-normal.woff2`),
]);

/** Everything that pages load: the base that evens browsers out, ours on top of it, a small script, and a typeface. */
export const ASSETS: Readonly<Record<"style" | "script" | "icon" | "latin" | "latinExt", Asset>> = {
  style: asset("console.css", "text/css; charset=utf-8", [
    ofPackage("modern-normalize/modern-normalize.css"),
    Buffer.from(
      file("./console.css")
        .toString()
        .replace("inter-latin-ext.woff2", latinExt.path)
        .replace("inter-latin.woff2", latin.path),
    ),
  ]),
  script: asset("console.js", "text/javascript; charset=utf-8", [file("./console.js")]),
  icon: asset("icon.svg", "image/svg+xml", [file("./icon.svg")]),
  latin,
  latinExt,
};

function asset(name: string, type: string, parts: readonly Buffer[]): Asset {
  const bytes = new Uint8Array(Buffer.concat(parts));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { path: `/assets/${hash}/${name}`, type, bytes };
}

/** Serves the files that pages use. */
export function assetRoutes(): Hono {
  const app = new Hono();
  for (const { path, type, bytes } of Object.values(ASSETS))
    app.get(path, (c) =>
      c.body(bytes, 200, { "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable" }),
    );
  return app;
}
