/** What text begins with, blanks, byte order mark and comments aside; the first that fits counts. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^#![ \t]*\//, "application/x-sh"],
  [/^@?echo[ \t]+off\b/i, "application/x-bat"],
  [/^(?:REGEDIT4|Windows Registry Editor)/, "application/x-ms-regedit"],
  [/^\[InternetShortcut\]/i, "application/x-mswinurl"],
  [/^<\?xml[^>]{0,200}>\s*(?:<!doctype svg[^>]{0,400}>\s*)?<(?:\w+:)?svg[\s>]/i, "image/svg+xml"],
  [/^(?:<!doctype svg[^>]{0,400}>\s*)?<(?:\w+:)?svg[\s>]/i, "image/svg+xml"],
  [
    /^(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body|script|iframe|meta|title|style|object|embed|form)\b/i,
    "text/html",
  ],
  [/^(?:<\?xml[^>]{0,200}>\s*)?<\?php\b/i, "application/x-httpd-php"],
  [/^<\?xml\b/i, "application/xml"],
  [/^BEGIN:VCALENDAR\b/i, "text/calendar"],
  [/^BEGIN:VCARD\b/i, "text/vcard"],
  [
    /^(?:(?:From|Return-Path|Received|Delivered-To|MIME-Version|Message-ID|Date|Subject|To|Content-Type|X-[\w-]+):.*(?:\r?\n[ \t].*)*\r?\n){2}/i,
    "message/rfc822",
  ],
];

/** The media type of a text by its beginning; `text/plain` if it is nothing in particular. */
export function sniffText(text: string): string {
  const start = text.replace(/^(?:\s|\ufeff|<!--(?:[^-]|-(?!->)){0,2000}-->)+/, "");
  return BEGINNINGS.find(([beginning]) => beginning.test(start))?.[1] ?? "text/plain";
}
