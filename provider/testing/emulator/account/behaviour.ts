/**
 * How the emulated account behaves where Hologram's sources disagree, are silent, or changed over time. Every switch
 * can be turned while the server runs.
 */

/** Which documented form of the claim answers is sent. */
export type Edition =
  /** Oldest page: `Devices`, no `simcardid`, `order_data` an object. */
  | "E1"
  /** `device`, `simcardid` a number, `order_data` an array. */
  | "E2"
  /** Newest page: `device`, `simcardid` text, no `order_data`. */
  | "E3"
  /** The API blueprint of 2016: `device`, no `simcardid`, `order_data` an object that carries `total_cost`. */
  | "blueprint";

/** How the account answers and what it allows; may be changed while it runs (`emulator.behaviour`). */
export interface Behaviour {
  edition: Edition;
  /** Lists of links, devices, plans and organizations: an array, or an object keyed by id (seen in a client in use). */
  lists: "array" | "keyed";
  /** Whether ids of devices, links and cards are JSON numbers or text. */
  ids: "number" | "string";
  /** HTTP status of an answer that carries a map of ICCID to message. */
  failureStatus: 200 | 400;
  /** The field that carries the server's words. */
  errorField: "error" | "errors";
  rateLimitBody: "json" | "text";
  /** false: everything that reads `/links/cellular` answers 404, as if the old list had been taken away. */
  linksEndpoint: boolean;
  /** What is said when the balance does not cover a claim. */
  balanceWords: string;
  balanceStatus: number;
  /** A claim of an active SIM: refused for that SIM, or accepted and charged once more. */
  alreadyActive: "refuse" | "charge";
  /** When some SIMs of a claim are refused: nothing is claimed, or the rest is. */
  partialClaims: "allOrNothing" | "rest";
  /**
   * What `preview=true` answers.
   * - `names`: the claimable SIMs, by `sim` only; any SIM that is not claimable gives the failure map instead.
   * - `namesRest`: the claimable SIMs; the others are skipped without a word.
   * - `costOnly`: `order_data` with `total_cost` and `quantity`, no `data`; failure map as in `names`.
   * - `ignored`: the flag is not known, so the request is taken for a claim that charges.
   * - `echoesIds`: as `names`, but every item carries device and link ids. Nothing is bought.
   */
  previewAnswer: "names" | "namesRest" | "costOnly" | "ignored" | "echoesIds";
  /** The most SIMs a claim or a preview may hold: cards found for ranges, entries for lists. */
  limit: number;
  /** What `invalidatePreflightSims: true` means: Test Mode SIMs are refused (E1), or claimed afresh (E3). */
  preflight: "E1" | "E3";
  /** Reads of a SIM that still show a pending state; 0: changes are immediate. Not used with `settleMilliseconds`. */
  settleReads: number;
  /** When set, a pending state settles this long after the change, by the clock, however often it is read. */
  settleMilliseconds: number | undefined;
  /** Cost of a plan change per SIM, decimal text in US dollars. */
  planChangeCost: string;
  /** Whether `orgid` in the body of a claim is heeded; the newest edition does not name it. */
  claimOrgId: "heeded" | "ignored";
  /** Answers of bulk changes: lists of what was modified, or `{ "success": true }` alone. */
  changeAnswers: "lists" | "bare";
  /** Tag lists: under `data.tags`, or `data` itself. */
  tagLists: "tags" | "array";
  /** Tags on a device: names (newest schema, seen in answers of 2026), or objects with id and name (blueprint). */
  deviceTags: "objects" | "names";
  /** `deviceid` of a link that was never claimed: left out, or 0. */
  unclaimedDeviceId: "absent" | "zero";
  /**
   * Zone names in reads of SIMs: as the plan spells them, with a capital (both occur in one official example), or as a
   * number that tells nothing (the API blueprint has both).
   */
  zoneSpelling: "plan" | "capitalised" | "number";
  /**
   * Whether a request for the zone `Global` gets the zone that a plan spells `global`. One official example has both
   * spellings; whether the API compares letter case is not documented.
   */
  zoneMatching: "caseless" | "exact";
  /** A parameter or field that an endpoint does not know: refused, or ignored as the real API may do. */
  unknownFields: "refuse" | "ignore";
  /** Whether the key is also taken as `?apikey=`, as Hologram's help centre says and its own Python SDK does. */
  apikeyQuery: boolean;
  /** `GET /devices` without `orgid`: every organization of the key, or nothing (seen in 2026). */
  devicesWithoutOrgId: "all" | "none";
  /** So many answers still show a SIM as it was before the newest change, as an index that lags does. */
  laggingReads: number;
  /** The last page of a list says `continues: false`, or nothing. */
  lastPage: "says" | "silent";
  /** Whether the contract includes the list of batch jobs; 403 without. */
  activityHistory: boolean;
}

/** A mild, present-day account. */
export const defaultBehaviour: Readonly<Behaviour> = {
  edition: "E2",
  lists: "array",
  ids: "number",
  failureStatus: 400,
  errorField: "error",
  rateLimitBody: "json",
  linksEndpoint: true,
  balanceWords: "Insufficient balance",
  balanceStatus: 402,
  alreadyActive: "refuse",
  partialClaims: "allOrNothing",
  previewAnswer: "names",
  limit: 2500,
  preflight: "E3",
  settleReads: 1,
  settleMilliseconds: undefined,
  planChangeCost: "0.00",
  claimOrgId: "heeded",
  changeAnswers: "lists",
  tagLists: "tags",
  deviceTags: "names",
  unclaimedDeviceId: "absent",
  zoneSpelling: "plan",
  zoneMatching: "caseless",
  unknownFields: "refuse",
  apikeyQuery: true,
  devicesWithoutOrgId: "all",
  laggingReads: 0,
  lastPage: "says",
  activityHistory: false,
};
