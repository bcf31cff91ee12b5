/** Who signed in, and how. */
export interface Identity {
  /** Who says who it is: the issuer's address, or `link`. */
  readonly issuer: string;
  /** The issuer's name for the person, which never changes; of a link: the address. */
  readonly subject: string;
  /** Canonical, lower case (`Address.key`). */
  readonly address: string;
  /** The issuer's groups. */
  readonly groups: readonly string[];
  readonly auth: "link" | "oidc";
}

/** A person who is signed in. Times in epoch milliseconds. */
export interface Session extends Identity {
  readonly createdAt: number;
  /** When it was last used, to a minute. */
  readonly seenAt: number;
}

/** A sign-in that the issuer has not answered yet. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  /** Path on the console to which the person wanted. */
  readonly returnTo: string;
}

/** An email that somebody looked at, as it was then: SHA-256, hexadecimal. */
export interface OpenedEmail {
  readonly receipt: string;
  readonly content: string;
  readonly judgement: string;
}

/** How somebody wants the console. */
export interface Preferences {
  /** Single keys do something: J, K, A, R, ?. */
  readonly hasKeys: boolean;
}

/** How the console is for whoever has not said otherwise. */
export const USUAL_PREFERENCES: Preferences = { hasKeys: true };

/** Who somebody is, in every session of theirs. */
export type Account = Pick<Identity, "issuer" | "subject">;

/** What became of decisions, until a page of a session has told it. */
export interface Told {
  /** By which the store knows the session. */
  readonly session: string;
  readonly text: string;
}

/** A shell that wants to act as a person, who has to confirm it. */
export interface ShellAsking {
  /** Who asks, as it says, and from where. */
  readonly asker: string;
  /** Epoch milliseconds. */
  readonly askedAt: number;
}

/** What is kept by a secret, of which only the SHA-256 is known here. */
export interface Kept {
  /** SHA-256 of the secret, base64url. */
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * What the console keeps for itself, apart from the trail: whoever takes the gateway over must not get at it. Secrets are
 * here as hashes only. Times are epoch milliseconds, given by whoever asks.
 */
export interface ConsoleStore {
  /** Keeps a one-time sign-in link for the person with this address (`Address.key`). */
  addLink(link: Kept & { readonly address: string }): Promise<void>;
  /** Uses a link up: its address, once; undefined: it is none, was used, or is too old. */
  takeLink(hash: string, now: number): Promise<string | undefined>;
  /** Keeps what a sign-in that begins needs when the issuer answers. */
  addAttempt(attempt: Kept & SignInAttempt): Promise<void>;
  /** Uses an attempt up; undefined: it is none, was used, or is too old. */
  takeAttempt(hash: string, now: number): Promise<SignInAttempt | undefined>;
  /** Signs somebody in. */
  addSession(hash: string, session: Session): Promise<void>;
  /**
   * Whose session it is, and notes that it is used, unless a page asks by itself (`isUnseen`); undefined: nobody's, or it has
   * ended.
   */
  useSession(
    hash: string,
    now: number,
    options?: { readonly isUnseen?: boolean },
  ): Promise<Session | undefined>;
  /** Signs somebody out, and forgets what they opened. */
  endSession(hash: string): Promise<void>;
  /** Keeps that an email was opened in a session, and how it was then; opened again, only that counts. */
  noteOpened(hash: string, opened: OpenedEmail): Promise<void>;
  /** Which of these emails were opened in a session, by receipt. */
  openedIn(hash: string, receipts: readonly string[]): Promise<ReadonlyMap<string, OpenedEmail>>;
  /** How somebody wants the console. */
  preferencesOf(account: Account): Promise<Preferences>;
  /** Keeps that a shell wants to act as whoever confirms its code, of which only the SHA-256 is known here. */
  addShell(shell: Kept & ShellAsking & { readonly code: string }): Promise<void>;
  /** Who shows that code; undefined: nobody, it was confirmed, or it is too old. */
  shellOf(code: string, now: number): Promise<ShellAsking | undefined>;
  /** Lets the shell that shows a code act as somebody: once. False: there is none, or not any more. */
  confirmShell(code: string, session: Session, now: number): Promise<boolean>;
  /** Uses a confirmation up: as whom the shell acts; `waits`: nobody has confirmed it yet; undefined: nobody will. */
  takeShell(hash: string, now: number): Promise<Session | "waits" | undefined>;
  /** Keeps what a session is to be told. */
  addTold(told: Kept & Told): Promise<void>;
  /** What is kept by that secret for that session; undefined: nothing, or it is too old. */
  toldBy(hash: string, session: string, now: number): Promise<string | undefined>;
  /** Keeps how somebody wants the console. */
  setPreferences(account: Account, preferences: Preferences): Promise<void>;
  close(): Promise<void>;
}

/** A session that is not used for so long has ended, in milliseconds. */
export const IDLE_MS: number = 30 * 60_000;

/** And so has one that began so long ago. */
export const SESSION_MS: number = 12 * 60 * 60_000;
