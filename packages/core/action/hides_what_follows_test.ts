import assert from "node:assert/strict";
import { test } from "node:test";
import { hidesWhatFollows } from "./hides_what_follows.ts";

const HIDING = [
  "Hello <!-- ",
  "Hello <!-- a > b",
  "<!DOCTYPE html",
  "<?php echo 1;",
  "<![CDATA[ x",
  '<div style="display:none">',
  "<DIV HIDDEN>\n\nHello",
  "<span style='font-size:0'>Hello</span><span class=x>",
  "<p style=color:white><p>Hello</p>",
  "<style>p { display: none }</style> Hello",
  "Hello <link rel=stylesheet href=https://x.example/a.css>",
  "<script>",
  "<textarea>Hello",
  "<details><summary>Hello</summary>",
  "<title>",
  "<svg><text>Hello",
  'Hello\n<div class="',
  "> <div title='a>b",
  "Hello\n- <p ",
  '<a title="</a>',
];

const PLAIN = [
  "",
  "Hello",
  "1 < 2 and 3 > 2, if a<b",
  "I <3 you",
  "A Map<string, number> and a List<T>, and <ann@acme.example>",
  "<https://acme.example>",
  "Hello <b>Ann</b>, <i>how</i> are you?<br><br/>",
  '<div style="color:red">Hello</div>',
  '<img src="https://acme.example/a>b.png" alt="x">',
  "<!-- nothing --> Hello",
  "<div style='a'><div>x</div></div>",
  "<b>Hello",
];

for (const text of HIDING)
  test(`hidesWhatFollows() finds what may: ${JSON.stringify(text)}`, () =>
    assert.equal(hidesWhatFollows(text), true));

for (const text of PLAIN)
  test(`hidesWhatFollows() lets pass what does not: ${JSON.stringify(text)}`, () =>
    assert.equal(hidesWhatFollows(text), false));

test("hidesWhatFollows() ends on what is as long as an email may be, however it repeats", () => {
  for (const part of ["<", "<a", "<!", "<a b", "<a '", '<a "', "<a>", "</a>", "<a b>", "<b c></b>", "\n<"])
    assert.equal(typeof hidesWhatFollows(part.repeat(262_144 / part.length)), "boolean", part);
});
