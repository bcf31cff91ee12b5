const TEXT_SUBTYPES =
  /^application\/(?:json|[\w.-]+\+(?:json|xml|yaml)|xml|yaml|x-yaml|toml|csv|javascript|ecmascript|sql|rtf|x-ndjson|graphql|x-sh|x-httpd-php|x-pem-file|pem-certificate-chain)$/;

/** Whether a media type (RFC 6838) says that its files are text, parameters and case aside. */
export function isTextType(mediaType: string): boolean {
  const [type = ""] = mediaType.toLowerCase().split(";");
  const bare = type.trim();
  return (
    bare.startsWith("text/") ||
    bare === "message/rfc822" ||
    bare === "image/svg+xml" ||
    TEXT_SUBTYPES.test(bare)
  );
}
