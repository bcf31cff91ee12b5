/** Columns of `records` that are derived from its JSON. */
export const DERIVED: readonly string[] = [
  "at",
  "kind",
  "team",
  "assistant",
  "receipt",
  "effect",
  "is_email",
  "taken",
];

/** Makes `derive`, the trigger's function that sets what is derived from a record, whatever was written there. */
export const DERIVE_FUNCTION: string = String.raw`
  CREATE FUNCTION derive() RETURNS trigger LANGUAGE plpgsql AS $derive$
  DECLARE
    said jsonb := replace(NEW.json, '\u0000', '\ufffd')::jsonb;
  BEGIN
    NEW.at := said ->> 'at';
    NEW.kind := said ->> 'kind';
    NEW.team := said ->> 'team';
    NEW.assistant := said ->> 'assistant';
    NEW.receipt := said ->> 'receipt';
    NEW.effect := said #>> '{data,effect}';
    NEW.is_email := said #>> '{data,idempotency_key}' IS NOT NULL;
    NEW.taken := CASE WHEN NEW.kind = 'outcome' AND said #>> '{data,result}' = 'accepted' THEN said #>> '{data,email}' END;
    RETURN NEW;
  END $derive$;
`;
