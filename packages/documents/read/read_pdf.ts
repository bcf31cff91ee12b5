import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import type { Reading } from "./reading.ts";

/** Loads what reads PDFs, which the library does at the first one. */
export async function loadPdfReader(): Promise<void> {
  await getResolvedPDFJS();
}

/**
 * Reads a PDF's pages, what is noted and filled in on them, its properties and the files that it carries. A page of
 * pictures without any text was scanned, and says what nobody here can read.
 */
export async function readPdf(bytes: Uint8Array, reading: Reading): Promise<void> {
  // The library takes the buffer over.
  const document = await getDocumentProxy(bytes.slice(), {
    verbosity: 0,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
    maxImageSize: 1,
  });
  try {
    for (let number = 1; number <= document.numPages; number++) {
      if (!reading.hasTime) return;
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const text = items
        .map((item: { readonly str?: string; readonly hasEOL?: boolean }) =>
          "str" in item ? (item.str ?? "") + (item.hasEOL ? "\n" : "") : "",
        )
        .join("");
      const notes = (await page.getAnnotations()).flatMap(annotationTexts);
      reading.add([text, ...notes].join("\n\n\n\n"));
      if (text.trim() === "" && (await drawsSomething(page))) reading.miss();
      page.cleanup();
    }
    const { info, metadata } = await document.getMetadata();
    reading.add(JSON.stringify(info));
    reading.add(metadata?.getRaw?.() ?? "");
    for (const file of Object.values((await document.getAttachments()) ?? {})) {
      const { filename, content } = file as { readonly filename: string; readonly content: Uint8Array };
      await reading.into({ name: filename, bytes: content });
    }
  } finally {
    await document.destroy();
  }
}

function annotationTexts(annotation: Readonly<Record<string, unknown>>): readonly string[] {
  const { contentsObj, titleObj, fieldValue, url, unsafeUrl, alternativeText } = annotation;
  const strOf = (value: unknown) =>
    typeof value === "object" && value !== null && "str" in value ? value.str : value;
  return [contentsObj, titleObj, fieldValue, url ?? unsafeUrl, alternativeText]
    .flat()
    .map(strOf)
    .filter((value) => typeof value === "string" && value !== "") as readonly string[];
}

/** Whether anything is drawn: what only sets the stage is passed over, pictures are not decoded to find out. */
async function drawsSomething(
  page: Awaited<ReturnType<Awaited<ReturnType<typeof getDocumentProxy>>["getPage"]>>,
): Promise<boolean> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray } = await page.getOperatorList();
  const quiet = new Set([
    OPS.save,
    OPS.restore,
    OPS.dependency,
    OPS.setGState,
    OPS.beginText,
    OPS.endText,
    OPS.beginMarkedContent,
    OPS.beginMarkedContentProps,
    OPS.endMarkedContent,
  ]);
  return fnArray.some((operation: number) => !quiet.has(operation));
}
