/** Where the gateway is: `given`, or `COUNTERSIGN_URL`. Throws a `TypeError` when neither is a URL. */
export function baseUrl(given: string | undefined): string {
  // Dust and browsers may have no `process`.
  const url = given ?? globalThis.process?.env.COUNTERSIGN_URL ?? "";
  if (url === "") {
    throw new TypeError(
      "Cannot find Countersign: set COUNTERSIGN_URL or options.baseUrl to the gateway's URL",
    );
  }
  if (!URL.canParse(url) || !/^https?:\/\/[^@?#]+$/i.test(url)) {
    throw new TypeError(
      "Cannot find Countersign: COUNTERSIGN_URL or options.baseUrl must be http(s) without user, query or fragment",
    );
  }
  return url.replace(/(\/v1)?\/*$/, "");
}
