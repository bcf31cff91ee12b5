import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInbox } from "./check_inbox.ts";
import { startFakeGateway } from "./testing/fake_gateway.ts";

const INBOX = { emails: [{ id: "01E" }], cursor: null };

test("checkInbox() asks for 10, or as many as it is told", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [200, INBOX]);
  assert.deepEqual(await checkInbox("csk_1", "01M", undefined, { baseUrl }), INBOX);
  await checkInbox("csk_1", "01M", 3, { baseUrl });
  assert.deepEqual(requests, [
    { asked: "GET /v1/mailboxes/01M/inbox?limit=10", authorization: "Bearer csk_1", body: undefined },
    { asked: "GET /v1/mailboxes/01M/inbox?limit=3", authorization: "Bearer csk_1", body: undefined },
  ]);
});

test("checkInbox() keeps a mailbox's id from leading elsewhere", async (t) => {
  const { baseUrl, requests } = await startFakeGateway(t, [200, INBOX]);
  await checkInbox("csk_1", "../send?x#y", 1, { baseUrl });
  assert.equal(requests[0]?.asked, "GET /v1/mailboxes/..%2Fsend%3Fx%23y/inbox?limit=1");
  for (const id of ["", ".", "..", "\udc00"])
    await assert.rejects(checkInbox("csk_1", id, 1, { baseUrl }), TypeError);
  assert.equal(requests.length, 1);
});

test("checkInbox() says to ask again when nobody answers, since nothing can be lost", async (t) => {
  const { baseUrl } = await startFakeGateway(t, (response) => response.socket?.resetAndDestroy());
  await assert.rejects(checkInbox("csk_1", "01M", 1, { baseUrl }), {
    message: "Cannot check inbox: the connection to Countersign failed; ask again",
  });
});
