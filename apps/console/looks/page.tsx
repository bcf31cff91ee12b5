/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { SignedIn } from "../console_world.ts";
import { ASSETS } from "./assets.ts";
import { Icon } from "./icon.tsx";
import { type NavName, navFor } from "./nav.ts";

/** What a page is made of. */
export interface PageProps {
  readonly title: string;
  /** Whose page it is; absent: nobody is signed in. */
  readonly person?: SignedIn;
  /** Which entry of the navigation it belongs to. */
  readonly current?: NavName;
  /** What stands beside the title. */
  readonly actions?: Child;
  /** A sentence under the title. */
  readonly lead?: Child;
  readonly children?: Child;
}

/** A whole page: head, navigation by role, and the content as the main landmark. */
export function Page({ title, person, current, actions, lead, children }: PageProps): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Countersign`}</title>
        <link rel="stylesheet" href={ASSETS.style.path} />
        <link rel="icon" href={ASSETS.icon.path} type="image/svg+xml" />
        <script src={ASSETS.script.path} defer />
      </head>
      <body class={person === undefined ? "bare" : "framed"}>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <header class="bar">
          <a class="brand" href="/">
            <Icon name="seal" />
            <span>Countersign</span>
          </a>
          {person && <Navigation person={person} current={current} />}
          {person && <Account person={person} />}
        </header>
        <main id="content" tabindex={-1}>
          <div class="head">
            <div>
              <h1>{title}</h1>
              {lead && <p class="lead">{lead}</p>}
            </div>
            {actions && <div class="actions">{actions}</div>}
          </div>
          {children}
        </main>
      </body>
    </html>
  );
}

function Navigation({ person, current }: { person: SignedIn; current: NavName | undefined }): JSX.Element {
  return (
    <nav aria-label="Pages">
      <ul>
        {navFor(person.roles).map(([name, { path, label }]) => (
          <li key={name}>
            <a href={path} aria-current={name === current ? "page" : undefined}>
              <Icon name={name} />
              <span>{label}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Account({ person }: { person: SignedIn }): JSX.Element {
  const { session, roles, formToken } = person;
  const names = [
    ...(roles.approves.size > 0 ? ["approver"] : []),
    ...(roles.isAuditor ? ["auditor"] : []),
    ...(roles.isOperator ? ["operator"] : []),
  ];
  return (
    <div class="account">
      <p>
        <bdi class="who" title={session.address}>
          {session.address}
        </bdi>
        <span class="quiet">{names.join(", ")}</span>
      </p>
      <form method="post" action="/sign-out">
        <input type="hidden" name="form_token" value={formToken} />
        <button type="submit" class="plain">
          Sign out
        </button>
      </form>
    </div>
  );
}
