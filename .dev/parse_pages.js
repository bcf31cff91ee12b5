// Loaded before dependency-cruiser, whose parser would take the markup in pages (`.tsx`) for a mistake.
import swc from "@swc/core";

const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith(".tsx") });
