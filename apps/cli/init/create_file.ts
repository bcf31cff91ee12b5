import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Creates a file whole, and its folder. One that is there is never written over.
 *
 * @throws {Error} when it is there, or cannot be written
 */
export async function createFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, text, { flag: "wx" });
    // Unlike a rename, it fails when the name is taken.
    await link(draft, path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    throw new Error(
      `Cannot create "${path}": ${code === "EEXIST" ? "it is there already" : messageOf(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
