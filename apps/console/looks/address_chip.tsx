/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icon.tsx";
import { plain } from "./plain.ts";

/** What is to be known of somebody who gets an email. */
export type AddressMark = "inside" | "outside" | "first" | "alike";

const WORDS: Readonly<Record<AddressMark, string>> = {
  inside: "inside",
  outside: "outside",
  first: "first contact",
  alike: "look-alike domain",
};

/** An address with what is to be known of it, in words and pictures. */
export function AddressChip({
  address,
  marks,
}: {
  address: string;
  marks: readonly AddressMark[];
}): JSX.Element {
  return (
    <span class={`chip ${marks.join(" ")}`}>
      <bdi>{plain(address, 254)}</bdi>
      {marks.map((mark) => (
        <span key={mark} class={`mark ${mark}`}>
          <Icon name={mark satisfies IconName} />
          {WORDS[mark]}
        </span>
      ))}
    </span>
  );
}
