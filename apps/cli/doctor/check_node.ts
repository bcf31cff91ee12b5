import type { Diagnosis } from "../plan/diagnosis.ts";

/** This Node can run everything. */
export async function checkNode(): Promise<readonly Diagnosis[]> {
  return [judgeNode(process.versions.node)];
}

/** What is to be said of a version of Node. */
export function judgeNode(version: string): Diagnosis {
  const what = "node";
  const message = `Node ${version}`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return { what, level: "problem", message: `${message} is too old`, todo: "Install Node 20.19 or later" };
  }
  if (major % 2 === 1) {
    const todo = "Install an even version, which gets security fixes for years";
    return { what, level: "warning", message: `${message} gets no security fixes for long`, todo };
  }
  return { what, level: "ok", message };
}
