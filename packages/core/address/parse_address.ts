import type { Address } from "./address.ts";

/** A canonical address, or why the text is none. */
export type AddressResult =
  | { readonly ok: true; readonly address: Address }
  /** `message` says what is wrong without repeating the text. */
  | { readonly ok: false; readonly message: string };
