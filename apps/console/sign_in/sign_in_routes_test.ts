import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { browse, startTestConsole } from "../testing/start_test_console.ts";
import { ownCookie } from "./sessions.ts";

const LEAD = "sales-lead@acme.example";
const MINUTE = 60_000;

test("a link signs one person in, once", async (t) => {
  const { running, url } = await startTestConsole(t);
  const { pathname } = new URL(await running.link("Sales-Lead@ACME.example"));
  const [first, second] = [browse(url), browse(url)];
  const answers = await Promise.all([first.get(pathname), second.get(pathname)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 403]);
  const winner = answers[0]?.status === 303 ? first : second;
  const page = await winner.get("/policies");
  assert.equal(page.status, 200);
  assert.match(page.text, /sales-lead@acme\.example/);
});

test("a link is worth nothing after ten minutes, nor to who only looks ahead", async (t) => {
  const console = await startTestConsole(t);
  const { pathname } = new URL(await console.running.link(LEAD));
  assert.equal((await console.nobody.get(pathname, { "Sec-Purpose": "prefetch" })).status, 404);
  assert.equal((await fetch(new URL(pathname, console.url), { method: "HEAD" })).status, 404);
  console.advance(10 * MINUTE);
  assert.equal((await console.nobody.get(pathname)).status, 403);
});

test("a link is made only for whom the policies name", async (t) => {
  const { running } = await startTestConsole(t);
  await assert.rejects(
    running.link("mallory@acme.example"),
    /the policies name no such approver, auditor or operator/,
  );
  await assert.rejects(running.link("no address"), /the address cannot be used/);
});

test("a session ends when it is not used for 30 minutes, and after 12 hours at the latest", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn(LEAD);
  console.advance(29 * MINUTE);
  assert.equal((await lead.get("/policies")).status, 200);
  console.advance(30 * MINUTE);
  assert.equal((await lead.get("/policies")).status, 303);
  const busy = await console.signIn(LEAD);
  for (let passed = 0; passed < 12 * 60; passed += 20) {
    assert.equal((await busy.get("/policies")).status, 200);
    console.advance(20 * MINUTE);
  }
  assert.equal((await busy.get("/policies")).status, 303);
});

test("signing in makes a new session: the one that a browser had before is worth nothing", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn(LEAD);
  const before = lead.cookie();
  await lead.get(new URL(await console.running.link("finance-lead@acme.example")).pathname);
  assert.notEqual(lead.cookie(), before);
  assert.equal((await console.nobody.get("/policies", { Cookie: before })).status, 303);
  const planted = `countersign_console_${new URL(console.url).port}=${"a".repeat(43)}`;
  assert.equal((await console.nobody.get("/policies", { Cookie: planted })).status, 303);
});

test("a cookie is kept from scripts and other sites, and one behind TLS from other hosts", async (t) => {
  const console = await startTestConsole(t);
  const { pathname } = new URL(await console.running.link(LEAD));
  const [set = ""] = (await console.nobody.get(pathname)).headers.getSetCookie().slice(-1);
  assert.match(set, /^countersign_console_\d+=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
  const names = ["https://c.acme.example", "https://c.acme.example:8443", "http://127.0.0.1:8789"].map(
    (url) => ownCookie("name", url),
  );
  assert.deepEqual(names, ["__Host-name", "__Host-name_8443", "name_8789"]);
});

test("two consoles on one host sign nobody out of the other, whose cookies the browser sends too", async (t) => {
  const [one, two] = [await startTestConsole(t), await startTestConsole(t)];
  const [there, here] = [await one.signIn(LEAD), await two.signIn(LEAD)];
  const Cookie = `${there.cookie()}; ${here.cookie()}`;
  for (const { nobody } of [one, two]) assert.equal((await nobody.get("/policies", { Cookie })).status, 200);
});

test("signing out wants the session's own form, and ends it for good", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn(LEAD);
  const cookie = lead.cookie();
  await lead.post("/sign-out", { form_token: "forged" });
  assert.equal((await console.nobody.get("/policies", { Cookie: cookie })).status, 200);
  await lead.post("/sign-out");
  assert.equal((await console.nobody.get("/policies", { Cookie: cookie })).status, 303);
});

test("a form from another origin is refused, and so is one without any", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn(LEAD);
  for (const Origin of ["https://evil.example", "null", `${console.url}.evil.example`, "http://127.0.0.1:1"])
    assert.equal((await lead.post("/sign-out", {}, { Origin })).status, 403, Origin);
  const bare = { Cookie: lead.cookie(), "Content-Type": "application/x-www-form-urlencoded" };
  assert.equal(
    (await fetch(`${console.url}/sign-out`, { method: "POST", headers: bare, body: "a=b" })).status,
    403,
  );
  assert.equal((await lead.get("/policies")).status, 200);
});

test("a page that was pointed at this machine by another name gets nothing", async (t) => {
  const { url } = await startTestConsole(t);
  const statusFor = (host: string) =>
    new Promise((resolve, reject) => {
      request(`${url}/sign-in`, { headers: { Host: host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  assert.equal(await statusFor("rebound.evil.example"), 421);
  assert.equal(await statusFor("localhost:8789"), 200);
});

test("somebody who tries many sign-ins is told to wait", async (t) => {
  const { nobody } = await startTestConsole(t);
  const guesses = await Promise.all(
    Array.from({ length: 30 }, (_, i) => nobody.get(`/sign-in/link/${String(i).padStart(43, "x")}`)),
  );
  assert.equal(guesses.filter(({ status }) => status === 429).length, 10);
});
