import type { BuiltinDetector } from "../../policy/mod.ts";
import { apiKey } from "./api_key.ts";
import { creditCard } from "./credit_card.ts";
import type { Detector } from "./detector.ts";
import { emailList } from "./email_list.ts";
import { iban } from "./iban.ts";
import { privateKey } from "./private_key.ts";
import { usSsn } from "./us_ssn.ts";

/** Every detector that comes with the product, by the name that policies use. */
export const DETECTORS: Readonly<Record<BuiltinDetector, Detector>> = {
  credit_card: creditCard,
  iban,
  us_ssn: usSsn,
  private_key: privateKey,
  api_key: apiKey,
  email_list: emailList,
};
