import { formatPattern, parseAddressPattern } from "@countersign/core/address";
import {
  formatWhere,
  isAsStrictAs,
  OVERSIGHT_MODES,
  type TeamPolicy,
  whereOf,
} from "@countersign/core/policy";
import type { AllowlistEntry, Mailbox } from "@countersign/multimail";
import type { Difference } from "./difference.ts";
import type { LiveTeam } from "./read_live.ts";

/** How a team's mailbox differs from what its policy declares, in the order of the policy. */
export function compareMailbox(policy: TeamPolicy, live: LiveTeam): readonly Difference[] {
  switch (live.kind) {
    case "error":
      return [];
    case "missing":
      return [compareMissing(policy, live)];
    case "seen": {
      const { mailbox, allowlist } = live;
      return [
        ...compareIdentity(policy, mailbox),
        ...compareCopies(policy, mailbox),
        ...compareMode(policy, mailbox),
        ...compareAllowlist(policy, mailbox, allowlist),
      ];
    }
  }
}

function compareMissing(
  policy: TeamPolicy,
  { namesake, account }: Extract<LiveTeam, { kind: "missing" }>,
): Difference {
  const { id, address } = policy.mailbox;
  const difference = {
    ...base(policy, "mailbox.id"),
    mailbox: null,
    declared: id,
    live: namesake?.id ?? null,
  };
  if (namesake !== undefined) {
    return {
      ...difference,
      effect: "by_hand",
      todo: `Set mailbox.id to "${namesake.id}", which has ${address}`,
    };
  }
  const domain = address.slice(address.lastIndexOf("@") + 1);
  if (account?.slug === undefined || domain !== `${account.slug}.multimail.dev`) {
    const todo = `Create ${address} at MultiMail, and set mailbox.id to its id`;
    return { ...difference, effect: "by_hand", todo };
  }
  return {
    ...difference,
    setting: "mailbox",
    declared: address,
    effect: "looser",
    change: { kind: "create_mailbox", address },
  };
}

function compareIdentity(policy: TeamPolicy, mailbox: Mailbox): readonly Difference[] {
  const { address } = policy.mailbox;
  const differences: Difference[] = [];
  if (mailbox.address.toLowerCase() !== address.toLowerCase()) {
    const todo = "Correct mailbox.address, or mailbox.id if it is another mailbox";
    differences.push({
      ...base(policy, "mailbox.address"),
      declared: address,
      live: mailbox.address,
      effect: "by_hand",
      todo,
    });
  }
  if (mailbox.isActive === false) {
    const todo = "Activate the mailbox at MultiMail";
    differences.push({
      ...base(policy, "mailbox.id"),
      declared: "active",
      live: "not active",
      effect: "by_hand",
      todo,
    });
  }
  return differences;
}

function compareCopies(policy: TeamPolicy, mailbox: Mailbox): readonly Difference[] {
  return (["autoCc", "autoBcc"] as const).flatMap((field): Difference[] => {
    const declared = policy.mailbox[field] ?? null;
    const live = mailbox[field] ?? null;
    if (declared?.toLowerCase() === live?.toLowerCase()) return [];
    return [
      {
        ...base(policy, field === "autoCc" ? "mailbox.auto_cc" : "mailbox.auto_bcc"),
        declared,
        live,
        // Nobody else gets a copy from then on, or somebody does.
        effect: declared === null ? "stricter" : "looser",
        change: { kind: "copy", mailboxId: mailbox.id, field, address: declared },
      },
    ];
  });
}

function compareMode(policy: TeamPolicy, mailbox: Mailbox): readonly Difference[] {
  const { oversight: mode } = policy;
  const live = mailbox.oversightMode ?? "unknown";
  if (live === mode) return [];
  const known = OVERSIGHT_MODES.find((candidate) => candidate === live);
  const isStricter = known !== undefined && isAsStrictAs(known, mode);
  return [
    {
      ...base(policy, "oversight"),
      declared: mode,
      live,
      effect: isStricter ? "looser" : "stricter",
      change: { kind: isStricter ? "loosen" : "tighten", mailboxId: mailbox.id, mode },
    },
  ];
}

/** MultiMail's allowlist must be `skip_approval`, exactly. */
function compareAllowlist(
  policy: TeamPolicy,
  { id: mailboxId }: Mailbox,
  allowlist: readonly AllowlistEntry[],
): readonly Difference[] {
  const declared = new Set(policy.recipients.skipApproval.map(({ value }) => formatPattern(value)));
  const present = new Set(allowlist.map(({ pattern }) => canonical(pattern)));
  const place = base(policy, "recipients.skip_approval");
  const undeclared = allowlist.filter(({ pattern }) => !declared.has(canonical(pattern)));
  const missing = [...declared].filter((pattern) => !present.has(pattern));
  return [
    ...undeclared.map(
      ({ id: entryId, pattern }): Difference => ({
        ...place,
        declared: null,
        live: pattern,
        effect: "stricter",
        change: { kind: "disallow", mailboxId, entryId, pattern },
      }),
    ),
    ...missing.map(
      (pattern): Difference => ({
        ...place,
        declared: pattern,
        live: null,
        effect: "looser",
        change: { kind: "allow", mailboxId, pattern },
      }),
    ),
  ];
}

function canonical(pattern: string): string {
  const parsed = parseAddressPattern(pattern);
  return parsed.ok ? formatPattern(parsed.pattern) : pattern;
}

function base(policy: TeamPolicy, setting: string) {
  return {
    team: policy.team,
    mailbox: policy.mailbox.id,
    setting,
    where: formatWhere(whereOf(policy, setting)),
  };
}
