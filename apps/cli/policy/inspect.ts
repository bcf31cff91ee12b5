import type { PlayOptions } from "@countersign/core/what-if";

/** Reads and looks through what an email holds, as the gateway does; what that needs is loaded when it is asked for. */
export const inspect: NonNullable<PlayOptions["inspect"]> = async (order) => {
  const documents = await import("@countersign/documents");
  return documents.inspect(order);
};
