import assert from "node:assert/strict";
import { test } from "node:test";
import { type Action, invalid, parseReport, parseSend } from "@countersign/core/action";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { startWorld } from "../testing/start_world.ts";
import { handle } from "./handle.ts";

/** Nothing of these may be in a record. */
const NEEDLES = [
  "jane.doe",
  "Jane.Doe",
  "j%61ne",
  "Project Falcon",
  "Dear Jane",
  "4111 1111 1111 1111",
  "4111111111111111",
  "GB82WEST12345698765432",
  "salaries_jane",
  "key-of-jane",
];

const EMAIL = {
  to: ["jane.doe@partner.example"],
  subject: "Project Falcon",
  markdown: "Dear Jane, your card is 4111 1111 1111 1111, your IBAN GB82WEST12345698765432",
  attachments: [
    { name: "salaries_jane.pdf", content_type: "application/pdf", content_base64: "RGVhciBKYW5l" },
    { name: "salaries_jane.html", content_type: "text/html", content_base64: "RGVhciBKYW5l" },
  ],
};

/** Requests of a careless or hostile caller, each about Jane, for every rule that has something to say. */
const REQUESTS: readonly (readonly [as: string, action: Action | readonly Action[]])[] = [
  ["finance/chaser", parseSend(EMAIL)],
  ["finance/chaser", parseSend({ ...EMAIL, attachments: [] })],
  ["finance/chaser", parseSend({ ...EMAIL, attachments: [] })],
  ["finance/chaser", parseSend({ ...EMAIL, attachments: [], idempotency_key: "key-of-jane" })],
  [
    "finance/chaser",
    parseSend({ ...EMAIL, subject: "Other", attachments: [], idempotency_key: "key-of-jane" }),
  ],
  [
    "finance/chaser",
    parseSend({ ...EMAIL, markdown: "Dear Jane", attachments: [], to: ["jane.doe@acme.example"] }),
  ],
  ["finance/chaser", parseSend({ ...EMAIL, to: ["jane.doe@rival.example", "Jane.Doe@rival.example"] })],
  ["finance/chaser", parseSend({ ...EMAIL, to: ["Dear Jane <jane.doe@partner.example>, jane.doe@x"] })],
  ["finance/chaser", parseSend({ ...EMAIL, to: [1, 2, 3, 4].map((n) => `jane.doe+${n}@раrtner.example`) })],
  ["finance/chaser", parseSend({ ...EMAIL, "Dear Jane": 1, "jane.doe@partner.example": 2 })],
  ["finance/chaser", parseSend({ ...EMAIL, send_at: "Dear Jane" })],
  ["finance/chaser", parseSend({ ...EMAIL, subject: ["Project Falcon"] })],
  ["finance/chaser", { name: "read", emailId: "jane.doe@partner.example" }],
  ["finance/chaser", { name: "cancel", emailId: "jane.doe@partner.example" }],
  ["finance/chaser", invalid("route_not_governed", "GET /v1/contacts/jane.doe@partner.example", "No")],
  ["finance/chaser", invalid("route_not_governed", "GET /v1/contacts/j%61ne.doe%40partner.example", "No")],
  ["finance/reader", parseSend(EMAIL)],
  ["marketing/writer", parseSend(EMAIL)],
  ["marketing/writer", parseSend({ ...EMAIL, to: ["jane.doe@acme.example"], attachments: [] })],
  ["nobody/jane", parseSend(EMAIL)],
  [
    "finance/chaser",
    parseReport({ period: "Dear Jane", metrics: { "Project Falcon": 1 }, recipients: EMAIL.to }),
  ],
];

test("No record holds an address, a subject, a body, a file name or a caller's key in clear", async (t) => {
  const { world, multimail, ask } = await startWorld(t, TEAMS);
  const receivedAt = world.clock();
  const actions = REQUESTS.flatMap(([as, action]) => [action].flat().map((one) => [as, one] as const));
  for (const [index, [as, action]] of actions.entries()) {
    const [team = "", assistant = ""] = as.split("/");
    const caller = { team, assistant };
    await handle({ id: `req-${index}`, door: "rest", caller, action, receivedAt }, world);
  }
  // MultiMail's own words may repeat what it was given.
  const multimailText = "Cannot send Project Falcon to jane.doe@acme.example";
  for (const outcome of ["not_accepted", "unknown"] as const) {
    const failed = async () => {
      throw new MultiMailError(`Cannot send: ${multimailText}`, { code: "rejected", outcome, multimailText });
    };
    const client = Object.create(multimail, { send: { value: failed } }) as MultiMailClient;
    const email = {
      ...EMAIL,
      to: ["jane.doe@acme.example"],
      subject: `Project Falcon ${outcome}`,
      attachments: [],
    };
    await ask("finance/chaser", email, { ...world, clientFor: () => client });
  }
  const kinds = new Set<string>();
  for await (const { record, json } of world.trail.records()) {
    kinds.add(`${record.kind} ${String(record.data.effect ?? record.data.result)}`);
    for (const needle of NEEDLES) assert.ok(!json.includes(needle), `${needle} in ${json}`);
  }
  assert.deepEqual([...kinds].sort(), [
    "intent allow",
    "intent deny",
    "outcome accepted",
    "outcome refused",
    "outcome unknown",
  ]);
});
