import type { Roles } from "../people/roles.ts";

/** A page that the navigation leads to. */
export interface NavEntry {
  readonly path: string;
  readonly label: string;
  /** Whether it is shown to a person. */
  readonly isFor: (roles: Roles) => boolean;
}

/** A page of the navigation. */
export type NavName = "queue" | "incoming" | "policies" | "history" | "figures" | "trail" | "mailboxes";

const isApprover = ({ approves }: Roles) => approves.size > 0;
const isReader = (roles: Roles) => roles.isAuditor || isApprover(roles);

/** The pages, in the order of the navigation. */
export const NAV: Readonly<Record<NavName, NavEntry>> = {
  queue: { path: "/queue", label: "Queue", isFor: isApprover },
  incoming: { path: "/incoming", label: "Incoming", isFor: ({ releases }) => releases.size > 0 },
  policies: { path: "/policies", label: "Policies", isFor: () => true },
  history: { path: "/history", label: "History", isFor: isReader },
  figures: { path: "/figures", label: "Figures", isFor: isReader },
  trail: { path: "/trail", label: "Trail", isFor: ({ isAuditor }) => isAuditor },
  mailboxes: { path: "/mailboxes", label: "Mailboxes", isFor: ({ isOperator }) => isOperator },
};

/** What a person's navigation holds. */
export function navFor(roles: Roles): readonly (readonly [NavName, NavEntry])[] {
  const names = Object.keys(NAV) as readonly NavName[];
  return names.map((name) => [name, NAV[name]] as const).filter(([, { isFor }]) => isFor(roles));
}
