/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { parseAddress } from "@countersign/core/address";
import { isInternal } from "@countersign/core/decision";
import type { JSX } from "hono/jsx/jsx-runtime";
import { imitatedDomain, knownDomains } from "../beside/imitated_domain.ts";
import type { HeldEmail } from "../deciding/held_email.ts";
import { AddressChip, type AddressMark } from "../looks/address_chip.tsx";
import { Moment } from "../looks/moment.tsx";
import { plain } from "../looks/plain.ts";

/** More are in a list that is scrolled by itself. */
const MANY = 12;

const FIELDS: readonly (readonly [field: string, label: string])[] = [
  ["to", "To"],
  ["participant", "Answers to"],
  ["cc", "Cc"],
  ["bcc", "Bcc"],
];

/** Who wrote an email, for whom, and everybody whom it reaches, each with what is to be known of them. */
export function Envelope({
  held: { waiting, policy, values, counting },
}: {
  readonly held: HeldEmail;
}): JSX.Element {
  const { data } = waiting;
  const first = new Set(
    data.findings.filter(({ rule }) => rule === "first_contact").flatMap(({ about }) => about),
  );
  const known = knownDomains(policy);
  const people = data.recipients.map(({ field, address, composed }, index) => {
    const text = values.get(address) ?? "(erased)";
    const parsed = parseAddress(text);
    const isInside = parsed.ok && isInternal(policy, parsed.address);
    const imitated = parsed.ok && !isInside ? imitatedDomain(parsed.address.domain, known) : undefined;
    const isAlike = imitated !== undefined || (parsed.ok && parsed.address.lookAlike);
    const marks: readonly AddressMark[] = [
      isInside ? "inside" : "outside",
      ...(first.has(index) ? (["first"] as const) : []),
      ...(isAlike ? (["alike"] as const) : []),
    ];
    const ascii = parsed.ok && !text.includes(parsed.address.domain) ? parsed.address.domain : undefined;
    return { field, text, marks, isComposed: composed === true, ascii, imitated };
  });
  const { writtenFor } = counting;
  return (
    <dl class="facts">
      <dt>From</dt>
      <dd>
        <bdi>{plain(policy.mailbox.address, 254)}</bdi>
      </dd>
      {FIELDS.map(([field, label]) => {
        const named = people.filter((one) => one.field === field);
        if (named.length === 0) return null;
        return (
          <>
            <dt>
              {label}
              {named.length > MANY && ` (${named.length})`}
            </dt>
            <dd>
              <ul
                class={named.length > MANY ? "people many" : "people"}
                {...(named.length > MANY && { tabindex: 0, "aria-label": `${label}: ${named.length}` })}
              >
                {named.map(({ text, marks, isComposed, ascii, imitated }, index) => (
                  <li key={index}>
                    <AddressChip address={text} marks={marks} />
                    {ascii !== undefined && (
                      <span class="quiet small">
                        {" the domain is "}
                        <code>{plain(ascii, 254)}</code>
                      </span>
                    )}
                    {imitated !== undefined && (
                      <span class="quiet small">
                        {" may be taken for "}
                        <code>{plain(imitated, 254)}</code>
                      </span>
                    )}
                    {isComposed && <span class="quiet small"> added by the policy</span>}
                  </li>
                ))}
              </ul>
              {field === "bcc" && <p class="quiet small">From our record, not verifiable at MultiMail</p>}
            </dd>
          </>
        );
      })}
      {data.send_at !== null && (
        <>
          <dt>Leaves</dt>
          <dd>
            not before <Moment at={data.send_at} />
          </dd>
        </>
      )}
      <dt>Written for</dt>
      <dd>
        {writtenFor === undefined ? (
          <span class="quiet">nobody who signed in</span>
        ) : (
          <bdi>{plain(writtenFor.address ?? writtenFor.subject ?? "", 254)}</bdi>
        )}
      </dd>
    </dl>
  );
}
