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
      <body
        class={person === undefined ? "bare" : "framed"}
        data-now={person?.now}
        data-keys={person?.preferences.hasKeys ? "" : undefined}
      >
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
          {person && <div id="news" class="news" role="status" />}
          {children}
        </main>
        {person?.preferences.hasKeys && <Keys />}
      </body>
    </html>
  );
}

/** How many wait there the script tells. */
const COUNTED: ReadonlySet<NavName> = new Set(["queue", "incoming"]);

/** What single keys do: each shows something, and none decides anything. */
export const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["J", "the next email of a list"],
  ["K", "the one before"],
  ["A", "to the button that approves; Enter presses it"],
  ["R", "to the reason of a rejection"],
  ["?", "this help"],
];

/** Help with the keys, which the key ? shows. */
function Keys(): JSX.Element {
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <KeyList />
      <p class="small">
        <a href="/settings">Switch them off</a>
      </p>
      <form method="dialog">
        <button type="submit" class="primary">
          Close
        </button>
      </form>
    </dialog>
  );
}

/** The keys, and what each does. */
export function KeyList(): JSX.Element {
  return (
    <dl class="facts keys">
      {KEYS.map(([key, what]) => (
        <>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </>
      ))}
    </dl>
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
              {COUNTED.has(name) && <span class="count" data-count={name} hidden />}
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
      <a class="plain" href="/settings">
        Settings
      </a>
      <form method="post" action="/sign-out">
        <input type="hidden" name="form_token" value={formToken} />
        <button type="submit" class="plain">
          Sign out
        </button>
      </form>
    </div>
  );
}
