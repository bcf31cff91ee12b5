import { userInfo } from "node:os";

/** Who is signed in; in a container that may be a number only: `uid:1000`. */
export function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}
