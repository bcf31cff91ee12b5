import { z } from "zod";
import { defined, FLAG, ID, INSTANT, TEXT } from "./_wire.ts";

/** A key of the account, without the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly name?: string;
  /** How the key begins. */
  readonly prefix?: string;
  /** `read`, `send`, `admin`, `oversight`; `admin` satisfies all of them. */
  readonly scopes: readonly string[];
  /** ISO 8601 in UTC. */
  readonly createdAt?: string;
  /** ISO 8601 in UTC. */
  readonly lastUsedAt?: string;
  readonly isActive?: boolean;
}

const WIRE = z.looseObject({
  api_keys: z.array(
    z.looseObject({
      id: ID,
      name: TEXT,
      prefix: TEXT,
      scopes: z.array(z.string()),
      created_at: INSTANT,
      last_used_at: INSTANT,
      is_active: FLAG,
    }),
  ),
});

/** Converts the answer of `GET /v1/api-keys`. Throws a `ZodError` when it is none. */
export function convertApiKeys(wire: unknown): readonly ApiKey[] {
  return WIRE.parse(wire).api_keys.map((key) =>
    defined({
      id: key.id,
      name: key.name,
      prefix: key.prefix,
      scopes: key.scopes,
      createdAt: key.created_at,
      lastUsedAt: key.last_used_at,
      isActive: key.is_active,
    }),
  );
}
