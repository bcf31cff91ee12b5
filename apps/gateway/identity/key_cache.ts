import { fetchIssuerKeys, type IssuerKeys } from "@countersign/host";
import { createLocalJWKSet, type JSONWebKeySet, type LocalJWKSet } from "jose";
import type { Logger } from "pino";
import { SignInUnavailableError } from "./sign_in_unavailable_error.ts";

/** What the cache is made of. */
export interface KeyCacheOptions {
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Asks the issuer. */
  readonly fetchKeys?: (issuer: string) => Promise<IssuerKeys>;
}

/** Older keys are asked for anew, behind the requests. */
const FRESH_MS = 10 * 60_000;

/** While the issuer cannot be reached its keys are good for so long: about as long as its tokens. */
const KEPT_MS = 60 * 60_000;

/** The issuer is asked once in so long, whatever comes, and whether it answers or not. */
const COOLDOWN_MS = 30_000;

/** An issuer's published keys. Whatever tokens come, and however many, the issuer is asked twice a minute at most. */
export class KeyCache {
  readonly #issuer: string;
  readonly #clock: () => number;
  readonly #log: Logger;
  readonly #fetchKeys: (issuer: string) => Promise<IssuerKeys>;
  #keys: LocalJWKSet | undefined;
  #seenAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #pending: Promise<LocalJWKSet | undefined> | undefined;

  constructor({ issuer, clock, log, fetchKeys = fetchIssuerKeys }: KeyCacheOptions) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#log = log;
    this.#fetchKeys = fetchKeys;
  }

  /**
   * The keys as the issuer published them a short while ago.
   *
   * @throws {SignInUnavailableError} when it could not be asked for so long that nobody knows them any more
   */
  async keys(): Promise<LocalJWKSet> {
    const age = this.#clock() - this.#seenAt;
    if (this.#keys !== undefined && age < KEPT_MS) {
      if (age >= FRESH_MS) void this.renewed();
      return this.#keys;
    }
    const keys = await this.renewed();
    if (keys === undefined) {
      throw new SignInUnavailableError(Math.max(1_000, this.#triedAt + COOLDOWN_MS - this.#clock()));
    }
    return keys;
  }

  /** The keys, asked for anew; undefined: that was done a short while ago, or failed. */
  renewed(): Promise<LocalJWKSet | undefined> {
    if (this.#pending !== undefined) return this.#pending;
    if (this.#clock() - this.#triedAt < COOLDOWN_MS) return Promise.resolve(undefined);
    this.#triedAt = this.#clock();
    this.#pending = this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #renew(): Promise<LocalJWKSet | undefined> {
    try {
      const { keys } = await this.#fetchKeys(this.#issuer);
      this.#keys = createLocalJWKSet({ keys } as unknown as JSONWebKeySet);
      this.#seenAt = this.#clock();
      return this.#keys;
    } catch (error) {
      this.#log.warn({ err: error }, "Cannot ask the identity provider for its keys");
      return undefined;
    }
  }
}
