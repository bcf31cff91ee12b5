import { type AddressPattern, matchesDenyPattern, matchesPattern } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { Located, TeamPolicy } from "../team_policy.ts";
import { unskippedCopy } from "../unskipped_copy.ts";
import { formatWhere } from "../where.ts";
import { warnHours } from "./warn_hours.ts";
import { warnRequire } from "./warn_require.ts";

/** What a team's policy may say, and is probably not meant, or not known to whoever wrote it. Nothing is refused for it. */
export function warnTeam(policy: TeamPolicy): readonly PolicyProblem[] {
  return WARNINGS.flatMap((warn) => warn(policy));
}

const WARNINGS: readonly ((policy: TeamPolicy) => readonly PolicyProblem[])[] = [
  warnHours,
  warnUnscannable,
  warnPublicProviders,
  warnCopies,
  warnRequire,
  warnUncountable,
  warnUntold,
];

/** Domains at which anybody can have an address: the large ones, which people do write into lists. */
const PUBLIC_PROVIDERS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com outlook.fr outlook.de hotmail.com hotmail.fr hotmail.de hotmail.it hotmail.co.uk
  live.com live.fr live.de live.nl live.co.uk msn.com passport.com yahoo.com yahoo.fr yahoo.de yahoo.it yahoo.es
  yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.com.br ymail.com rocketmail.com icloud.com me.com mac.com aol.com aim.com
  gmx.de gmx.net gmx.com gmx.at gmx.ch web.de freenet.de t-online.de mail.de posteo.de mailbox.org proton.me
  protonmail.com protonmail.ch pm.me tutanota.com tuta.com tuta.io fastmail.com fastmail.fm hey.com mail.com email.com
  zoho.com zohomail.com hushmail.com yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru qq.com
  foxmail.com 163.com 126.com sina.com sohu.com aliyun.com naver.com daum.net hanmail.net docomo.ne.jp rediffmail.com
  orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr libero.it virgilio.it alice.it tiscali.it telefonica.net
  btinternet.com sky.com talktalk.net virginmedia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
  charter.net earthlink.net juno.com rogers.com shaw.ca sympatico.ca uol.com.br bol.com.br terra.com.br bigpond.com
  optusnet.com.au seznam.cz wp.pl o2.pl onet.pl interia.pl ukr.net bluewin.ch telenet.be skynet.be ziggo.nl kpnmail.nl
  multimail.dev`.split(/\s+/),
);

function warnPublicProviders({ recipients, assistants }: TeamPolicy): readonly PolicyProblem[] {
  const warn = (
    list: readonly Located<AddressPattern>[],
    path: (index: number) => string,
    then: string,
  ): readonly PolicyProblem[] =>
    list.flatMap(({ value, text, where }, entry) => {
      if (value.kind === "address" || !PUBLIC_PROVIDERS.has(value.domain)) return [];
      const message = `${JSON.stringify(text)} is a public mail provider: anybody can have an address there and ${then}`;
      return [{ where, path: path(entry), message }];
    });
  return [
    ...warn(recipients.internal, (entry) => `recipients.internal[${entry}]`, "would count as our own people"),
    ...[...assistants.values()].flatMap(({ users }, index) =>
      warn(users?.allow ?? [], () => `assistants[${index}].users.allow`, "could use this assistant"),
    ),
  ];
}

const SENDS = ["send", "reply", "report"] as const;

/** Limits by person for assistants whom no person signs in to use. */
function warnUncountable({ limits, assistants, rules }: TeamPolicy): readonly PolicyProblem[] {
  if (rules.get("limits") === "warn") return [];
  const uncounted = [...assistants.values()].filter(
    ({ users, actions }) => users === undefined && SENDS.some((action) => actions.has(action)),
  );
  if (uncounted.length === 0) return [];
  const names = uncounted.map(({ id }) => JSON.stringify(id)).join(", ");
  return limits.perUser.map(({ where }) => ({
    where,
    path: "limits.per_user",
    message: `All email of ${names} is refused: it is counted by person, and nobody signs in to use ${uncounted.length === 1 ? "it" : "them"} (users)`,
  }));
}

/** Reminders of which nobody is told, since the team names no channel. */
function warnUntold({ approval: { remind }, notify }: TeamPolicy): readonly PolicyProblem[] {
  if (remind === undefined || notify !== undefined) return [];
  const message = "Nobody is reminded: the team names no channel by which its approvers are told (notify)";
  return [{ where: remind.where, path: "approval.remind", message }];
}

/** A copy that goes with every email decides about every email. */
function warnCopies(policy: TeamPolicy): readonly PolicyProblem[] {
  const { compose, recipients, oversight } = policy;
  return (compose?.copies ?? []).flatMap(({ field, address, where }) => {
    const path = `compose.${field}`;
    const named = JSON.stringify(address.address);
    const denied = recipients.deny.find(({ value }) => matchesDenyPattern(value, address));
    if (denied !== undefined) {
      const by = `recipients.deny (${formatWhere(denied.where)})`;
      return [{ where, path, message: `Every email is refused: ${by} has ${named}, who gets a copy of it` }];
    }
    const isGated = oversight === "gated_all" || oversight === "gated_send";
    const isInside = recipients.internal.some(({ value }) => matchesPattern(value, address));
    if (!isInside && (recipients.external === "deny" || (recipients.external !== "allow" && !isGated))) {
      const message = `Every email is refused: ${named} gets a copy of it and is outside (recipients.external: ${recipients.external})`;
      return [{ where, path, message }];
    }
    if (address.lookAlike) {
      const message = `Every email ${isGated ? "waits for a person" : "is refused"}: ${named} gets a copy of it, and its domain may be taken for another one`;
      return [{ where, path, message }];
    }
    const isFirst = address === unskippedCopy(policy)?.address;
    if (oversight !== "gated_send" || recipients.skipApproval.length === 0 || !isFirst) return [];
    const message = `Every email waits for approval: ${named} gets a copy of it and is not in recipients.skip_approval`;
    return [{ where, path, message }];
  });
}

/** Media types whose text is read; of an archive, as far as what is in it is. */
const READ =
  /^text\/|^message\/rfc822$|^image\/svg\+xml$|[/+](?:pdf|x-pdf|rtf|json|xml|yaml|x-yaml|toml|csv|sql|x-ndjson|x-subrip|zip|x-zip-compressed|gzip|x-gzip|x-tgz|x-compressed-tar|x-tar)$|^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\./;

const BECOMES = {
  deny: "email with such a file is refused",
  flag: "email with such a file needs a person, or is refused where nothing is held for one",
  allow: "what such a file says leaves unseen",
} as const;

/** Where a team attaches files that nobody here can read, although there are things that its email must not say. */
function warnUnscannable(policy: TeamPolicy): readonly PolicyProblem[] {
  const { content, attachments } = policy;
  if (attachments === undefined || content.block.length + content.flag.length === 0) return [];
  // Whoever wrote what becomes of them knows it.
  if (policy.source.places.paths.includes("content.unscannable")) return [];
  return attachments.allow.flatMap(({ value, where: type }, index) => {
    if (READ.test(value)) return [];
    const message = `Content rules cannot read "${value}": ${BECOMES[content.unscannable]} (content.unscannable: ${content.unscannable})`;
    return [{ where: type, path: `attachments.allow[${index}]`, message }];
  });
}
