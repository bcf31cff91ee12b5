import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { VerifyProgressLine } from "./verify_progress_line.ts";

test("VerifyProgressLine writes over its own line, tells how fast it goes, and leaves the sum", () => {
  const terminal = new PassThrough();
  const line = new VerifyProgressLine(terminal);
  for (let done = 256; done <= 1_024; done += 256) line.show({ done, total: 1_024, bytes: done * 500 });
  line.end();
  const written = String(terminal.read());
  const speed = "\\d+ records/s, \\d+\\.\\d MB/s";
  assert.match(
    written,
    new RegExp(
      `^\r\x1b\\[KVerified 256 of 1024 records, ${speed}\r\x1b\\[KVerified 1024 records in \\d+\\.\\d s, ${speed}\n$`,
    ),
  );
});

test("VerifyProgressLine writes nothing when nothing was looked at", () => {
  const terminal = new PassThrough();
  new VerifyProgressLine(terminal).end();
  assert.equal(terminal.read(), null);
});
