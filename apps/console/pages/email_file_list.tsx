/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { createHash } from "node:crypto";
import { isTextType } from "@countersign/core/content";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import type { EmailFile } from "./email_files.ts";

/** The files that go with an email: what each is, and a look at it that cannot act. */
export function FileList({
  files,
  receipt,
}: {
  readonly files: readonly EmailFile[];
  readonly receipt: string;
}): JSX.Element | null {
  if (files.length === 0) return null;
  return (
    <Section
      id="files"
      title={files.length === 1 ? "1 file goes with it" : `${files.length} files go with it`}
    >
      <ul class="people">
        {files.map((file, index) => (
          <li key={index}>
            <FileLine file={file} path={`/queue/${encodeURIComponent(receipt)}/files/${index + 1}`} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const VIEW_WORDS: Readonly<Record<EmailFile["view"], string>> = {
  text: "View as text",
  image: "View as image",
  none: "Download, to open with care",
};

function FileLine({ file, path }: { readonly file: EmailFile; readonly path: string }) {
  const { name, declared, actual, size, view, bytes } = file;
  const said = (declared.split(";")[0] ?? "").trim().toLowerCase();
  return (
    <>
      <bdi>{name === undefined ? "(erased)" : plain(name, 300)}</bdi>{" "}
      <span class="quiet small">{sizeText(size)}</span>
      <p class="small">
        {actual === undefined ? (
          <>
            Said to be <code>{plain(said)}</code>; its content shows no type
          </>
        ) : actual === "text/plain" && isTextType(said) ? (
          <>
            It is text, and says <code>{plain(said)}</code>
          </>
        ) : actual === said ? (
          <>
            It is <code>{plain(actual)}</code>, as it says
          </>
        ) : (
          <>
            It is <code>{plain(actual)}</code>, and says <code>{plain(said)}</code>
          </>
        )}
        {bytes !== undefined && (
          <>
            {" · "}
            <a href={path} target="_blank" rel="noopener">
              {VIEW_WORDS[view]}
            </a>
          </>
        )}
      </p>
      {bytes !== undefined && (
        <p class="quiet small">
          SHA-256 <code>{createHash("sha256").update(bytes).digest("hex")}</code>
        </p>
      )}
      {view === "image" && (
        <details>
          <summary>Show it here</summary>
          <img class="look-file" src={path} alt={plain(name ?? "(erased)", 200)} loading="lazy" />
        </details>
      )}
      {view === "text" && (
        <details>
          <summary>Show it here</summary>
          <iframe
            class="look"
            src={path}
            sandbox=""
            loading="lazy"
            title={`The text of ${plain(name ?? "", 200)}`}
          />
        </details>
      )}
    </>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
