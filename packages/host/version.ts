import manifest from "./package.json" with { type: "json" };

/** The product's version: of the root's `package.json`, which a test holds equal to that of every workspace. */
export const VERSION: string = manifest.version;
