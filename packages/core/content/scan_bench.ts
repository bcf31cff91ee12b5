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

/** Prints how long a scan with every built-in detector takes: `node --import tsx content/scan_bench.ts`. */
function bench(name: string, text: string): void {
  const detectors = BUILTIN_DETECTORS.map((detector) => ({ kind: "builtin", name: detector }) as const);
  const draft = { subject: "Your order 2024-10382", markdown: text, attachments: [] };
  const micros: number[] = [];
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    const start = performance.now();
    scan(draft, detectors);
    if (i >= WARM_UP) micros.push(1000 * (performance.now() - start));
  }
  micros.sort((a, b) => a - b);
  const at = (share: number): string => (micros[Math.floor(share * micros.length)] ?? 0).toFixed(1);
  console.log(`${name}, ${text.length} characters: median ${at(0.5)} µs, p99 ${at(0.99)} µs`);
}

const plain = PARAGRAPH.repeat(4).slice(0, 2048);
bench("Plain business text", plain);
bench("With accents and typographic quotes", plain.replaceAll("thank", "“merci”").replaceAll("e,", "é,"));
bench(
  "With links, entities and HTML",
  `${plain.slice(0, 1900)} <b>See</b> https://a.example/?a=1&b=%20x &amp; more`,
);
