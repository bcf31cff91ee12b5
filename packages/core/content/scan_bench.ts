import { createHash } from "node:crypto";
import { BUILTIN_DETECTORS } from "../policy/mod.ts";
import { scan } from "./scan.ts";

const PARAGRAPH = `Hello Ms Okafor,

thank you for your order 2024-10382 of 14 May. The 36 cartons (SKU 4006381333931) leave our warehouse on Thursday; the
carrier's tracking code is 1Z999AA10123456784. Invoice INV-88231 over EUR 12,480.50 is attached and due within 30 days.
Should you have questions - about delivery, customs or returns - please call +49 30 1234567 between 9:00 and 17:30, or
write to service@acme.example. We look forward to the meeting at your office; Tom will bring the samples.

`;
const RUNS = 5_000;
const WARM_UP = 20_000;

/** Prints how long a scan with every built-in detector takes, compared with SHA-256 of the same text. */
function bench(name: string, text: string): void {
  const detectors = BUILTIN_DETECTORS.map((detector) => ({ kind: "builtin", name: detector }) as const);
  const draft = { subject: "Your order 2024-10382", markdown: text, attachments: [] };
  const scanned = micros(() => scan(draft, detectors));
  const hashed = micros(() => createHash("sha256").update(text).digest());
  const [median, p99, ratio] = [at(scanned, 0.5), at(scanned, 0.99), at(scanned, 0.5) / at(hashed, 0.5)];
  console.log(
    `${name}, ${text.length} characters: median ${median.toFixed(1)} µs, p99 ${p99.toFixed(1)} µs, ${ratio.toFixed(1)} × SHA-256 of it`,
  );
  process.send?.({ what: `scan: ${name}`, value: median, unit: "µs", ratio, to: "SHA-256 of the text" });
}

/** How long each run takes, in microseconds, the shortest first. */
function micros(run: () => unknown): readonly number[] {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    const start = performance.now();
    run();
    if (i >= WARM_UP) times.push(1000 * (performance.now() - start));
  }
  return times.sort((a, b) => a - b);
}

function at(times: readonly number[], share: number): number {
  return times[Math.floor(share * times.length)] ?? 0;
}

const plain = PARAGRAPH.repeat(4).slice(0, 2048);
bench("Plain business text", plain);
bench("With accents and typographic quotes", plain.replaceAll("thank", "“merci”").replaceAll("e,", "é,"));
bench(
  "With links, entities and HTML",
  `${plain.slice(0, 1900)} <b>See</b> https://a.example/?a=1&b=%20x &amp; more`,
);
