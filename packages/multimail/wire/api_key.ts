import { list, member, shape } from "../codec/shape.ts";
import { FLAG, ID, INSTANT, TEXT, TEXTS } from "../codec/values.ts";

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

const KEY = shape<ApiKey>({
  id: member("id", ID),
  name: member("name", TEXT),
  prefix: member("prefix", TEXT),
  scopes: member("scopes", TEXTS),
  createdAt: member("created_at", INSTANT),
  lastUsedAt: member("last_used_at", INSTANT),
  isActive: member("is_active", FLAG),
});

const LIST = shape<{ readonly keys: readonly ApiKey[] }>({ keys: list("api_keys", KEY) });

/** Reads the answer of `GET /v1/api-keys`. Throws a `ZodError` when it is none. */
export function readApiKeys(wire: unknown): readonly ApiKey[] {
  return LIST.read(wire).keys;
}
