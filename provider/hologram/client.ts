import type { z } from "zod";
import { systemClock } from "../util/clock";
import { type Asked, successOf } from "./answers";
import { checkBaseUrl, DEFAULT_BASE_URL } from "./baseUrl";
import { type Envelope, isRecord, itemsOf } from "./envelope";
import { ApiError, DoubtfulError, HologramError, UnreadableAnswerError } from "./errors";
import { SimListing } from "./listing";
import type {
  ChangeAnswer,
  ClaimAnswer,
  ClaimRequest,
  ClaimTarget,
  DataPlan,
  Limits,
  NewPlan,
  Organization,
  PlanZone,
  PreviewAnswer,
  Sim,
  SimPages,
  StateCommand,
} from "./model";
import { DEVICES_PER_CHANGE } from "./model";
import type { HologramOptions } from "./options";
import { paceOf } from "./pacing";
import { itemsOfPages, PAGE_SIZE } from "./pages";
import { Redactor } from "./redact";
import { Requests } from "./requests";
import { readChange } from "./schemas/changeAnswer";
import { claimBody, previewBody, readClaim, readPreview, settlesPreview } from "./schemas/claim";
import {
  type Balance,
  balanceSchema,
  organizationSchema,
  planSchema,
  priceSchema,
  type Tag,
  tagSchema,
} from "./schemas/organizationSchemas";
import { asId, fieldsMissing } from "./schemas/readers";
import { Skipped } from "./skipped";
import { type Call, Transport } from "./transport";

const READ_ROLE = "the role Editor or higher";
const WRITE_ROLE = "a role that may do this, generally Manager or Admin";

/**
 * The Hologram REST API, as far as fleets of SIMs need it.
 *
 * Reads are retried when the rate is limited, the server fails or the connection drops; changes and claims after a
 * 429 only. Reads throw `HologramError`s, changes those or a `DoubtfulError`; a claim's outcome is a value. Inspecting
 * a client shows nothing: the key is private and taken out of all it says.
 */
export class Hologram {
  readonly #baseUrl: string;
  readonly #keyAdvice: string;
  readonly #onSkip: (sentence: string) => void;
  readonly #redactor: Redactor;
  readonly #requests: Requests;
  readonly #listing: SimListing;
  readonly #requestTimeoutMs: number;

  /** Throws a `HologramError` for an empty key or an unsafe address. Sends nothing. */
  constructor(options: HologramOptions) {
    const apiKey = options.apiKey.trim();
    if (apiKey === "") throw new HologramError("There is no Hologram API key; set HOLOGRAM_API_KEY.");
    const clock = options.clock ?? systemClock;
    this.#baseUrl = checkBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
    const pace = paceOf(this.#baseUrl, apiKey);
    this.#redactor = new Redactor(apiKey);
    this.#keyAdvice = options.keyAdvice ?? "";
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 120_000;
    this.#requests = new Requests({
      transport: new Transport(this.#baseUrl, apiKey, this.#redactor, options.dispatcher),
      pace,
      clock,
      random: options.random ?? Math.random,
      onWait: options.onWait ?? (() => undefined),
      beforeWrite: options.beforeWrite ?? (async () => undefined),
    });
    const fetchPage = (path: string, query: Readonly<Record<string, string | number>>) =>
      this.#read(path, query);
    this.#onSkip = options.onSkip ?? (() => undefined);
    const now = (): number => this.serverNow();
    const aheadMs = (): number => this.#requests.aheadMs;
    this.#listing = new SimListing({ fetchPage, pace, now, aheadMs, onSkip: this.#onSkip });
  }

  /**
   * The time of the account in milliseconds since the epoch: this machine's clock, put right by the `Date` of the newest
   * answer where the two differ by more than a request takes. Before the first answer it is this machine's.
   */
  serverNow(): number {
    return this.#requests.serverNow();
  }

  /** The organizations that the key sees. */
  async organizations(): Promise<readonly Organization[]> {
    return this.#list("/organizations", {}, organizationSchema);
  }

  /**
   * Those of the named SIMs that the organization shows, in any state; the same record twice, perhaps. `isFinal` tells
   * records beside which no other of the same SIM would matter.
   */
  simsByIccid(orgId: number, iccids: readonly string[], isFinal?: (sim: Sim) => boolean): SimPages {
    return this.#listing.byIccid(orgId, iccids, isFinal);
  }

  /** The SIMs of the organization from `first` to `last`, both included, in any state. */
  simsInRange(orgId: number, first: string, last: string): SimPages {
    return this.#listing.inRange(orgId, first, last);
  }

  /** The SIMs of these devices; several of one device, if it has several profiles. */
  simsByDevice(orgId: number, deviceIds: readonly number[]): SimPages {
    return this.#listing.byDevice(orgId, deviceIds);
  }

  /** The organization of one device; undefined where the key does not see the device, or the answer does not tell. */
  async organizationOf(deviceId: number): Promise<number | undefined> {
    const path = `/devices/${deviceId}`;
    const envelope = await orUndefined([403, 404], this.#read(path, {}));
    return isRecord(envelope?.data) ? asId(envelope.data.orgid) : undefined;
  }

  /** Every SIM of the organization, unclaimed inventory included where the API lists it. */
  simsOf(orgId: number): SimPages {
    return this.#listing.all(orgId);
  }

  /** A data plan, or undefined where the organization has none with this id. */
  async plan(orgId: number, planId: number): Promise<DataPlan | undefined> {
    const plans = await orUndefined([404], this.#list("/plans", { orgid: orgId, id: planId }, planSchema));
    return plans?.find((plan) => plan.id === planId);
  }

  /** The data plans that the organization may use. */
  async plans(orgId: number): Promise<readonly DataPlan[]> {
    return this.#list("/plans", { orgid: orgId, limit: PAGE_SIZE }, planSchema);
  }

  /** Prices of a plan for this organization, per zone and account tier; none where the key may not see them. */
  async pricing(orgId: number, planId: number): Promise<readonly PlanZone[]> {
    const query = { orgid: orgId, planid: planId };
    const rows = (await orUndefined([403, 404], this.#list("/plans/pricing", query, priceSchema))) ?? [];
    return rows.filter(({ plan }) => plan === undefined || plan === planId).map(({ price }) => price);
  }

  /** The prepaid balance, or undefined where the key may not see it (403) or the organization has none (404). */
  async balance(orgId: number): Promise<Balance | undefined> {
    const path = `/organizations/${orgId}/balance`;
    const envelope = await orUndefined([403, 404], this.#read(path, {}));
    return envelope === undefined ? undefined : this.#parse(balanceSchema, envelope.data, "GET", path);
  }

  /**
   * Asks which of the SIMs can be claimed. It can never become a purchase (see `previewBody`), so it is retried like
   * a read. Throws when the account cannot be asked; what the API answers about the SIMs is a value.
   */
  async previewClaim(orgId: number, target: ClaimTarget): Promise<PreviewAnswer> {
    const path = "/links/cellular/bulkclaim";
    const body = previewBody(orgId, target);
    const call: Call = {
      method: "POST",
      path,
      query: { preview: "true" },
      body,
      timeoutMs: this.#requestTimeoutMs,
    };
    const reply = await this.#requests.run("read", call, settlesPreview);
    const answer = readPreview(reply, target, this.#redactor);
    const isLimited = answer?.kind === "refused" && answer.cause === "rateLimit";
    if (answer !== undefined && !isLimited) return answer;
    successOf(reply, this.#asked("read", call, WRITE_ROLE));
    throw new UnreadableAnswerError(placeOf(call), "it does not say whether it is a success");
  }

  /**
   * Claims SIMs: **charges at once**. Never throws for what the API does, and never sends a claim again unless the
   * answer was 429. Whoever calls it sees to it that an organization has one claim at a time.
   */
  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const call: Call = {
      method: "POST",
      path: "/links/cellular/bulkclaim",
      body: claimBody(request),
      timeoutMs: this.#requestTimeoutMs,
      ownConnection: true,
    };
    const reply = await this.#requests.run("claim", call);
    return readClaim(reply, request.target, this.#redactor);
  }

  /** Pauses, resumes or, for ever, deactivates devices; at most 1,000. */
  async setState(orgId: number, deviceIds: readonly number[], state: StateCommand): Promise<ChangeAnswer> {
    const role = state === "deactivate" ? "the role Owner or Admin" : WRITE_ROLE;
    return this.#change("/devices/state", { orgId, deviceIds, body: { state }, role });
  }

  /** Changes the plan of devices; at most 1,000. Hologram wipes their data limits by it, unless sent along. */
  async changePlan(orgId: number, deviceIds: readonly number[], to: NewPlan): Promise<ChangeAnswer> {
    const body = { planid: to.plan, zone: to.zone, orgid: orgId, overage_limit: to.overageLimit };
    return this.#change("/devices/changeplan", { orgId, deviceIds, body });
  }

  /** Sets limits of devices; at most 1,000. */
  async setLimits(orgId: number, deviceIds: readonly number[], limits: Limits): Promise<ChangeAnswer> {
    const { overageLimit, threshold, smsLimit } = limits;
    const body = { overagelimit: overageLimit, datathreshold: threshold, smslimit: smsLimit };
    return this.#change("/devices/usagelimit", { orgId, deviceIds, body });
  }

  /** The device tags of the organization. */
  async tags(orgId: number): Promise<readonly Tag[]> {
    return this.#list("/devices/tags", { orgid: orgId, limit: PAGE_SIZE }, tagSchema, tagItems);
  }

  /** Creates a device tag. */
  async createTag(orgId: number, name: string): Promise<Tag> {
    const call = this.#post("/devices/tags", orgId, { name });
    const { data } = await this.#write(call);
    const tags = (tagItems(data) ?? []).flatMap((item) => tagSchema.safeParse(item).data ?? []);
    const tag = tags.find((each) => each.name === name) ?? tags[0];
    if (tag === undefined) throw new DoubtfulError(placeOf(call), "its answer does not name the tag");
    return tag;
  }

  /** Deletes a tag; that takes it off its devices too. A tag that is not there is an `ApiError` with status 404. */
  async deleteTag(orgId: number, tagId: number): Promise<void> {
    await this.#write({ ...this.#post(`/devices/tags/${tagId}`, orgId, undefined), method: "DELETE" });
  }

  /** Puts a tag on devices; at most 1,000. */
  async linkTag(orgId: number, tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer> {
    return this.#change(`/devices/tags/${tagId}/link`, { orgId, deviceIds });
  }

  /** Takes a tag off devices; at most 1,000. */
  async unlinkTag(orgId: number, tagId: number, deviceIds: readonly number[]): Promise<ChangeAnswer> {
    return this.#change(`/devices/tags/${tagId}/unlink`, { orgId, deviceIds });
  }

  async #change(path: string, change: BulkChange): Promise<ChangeAnswer> {
    const { orgId, deviceIds, body = {}, role = WRITE_ROLE } = change;
    if (deviceIds.length === 0) return { modified: new Set(), warnings: new Map(), remarks: [] };
    if (deviceIds.length > DEVICES_PER_CHANGE) {
      throw new RangeError(`${deviceIds.length} devices in one change; at most ${DEVICES_PER_CHANGE} fit.`);
    }
    const { data } = await this.#write(this.#post(path, orgId, { deviceids: deviceIds, ...body }), role);
    return readChange(data, (text) => this.#redactor.words(text));
  }

  #post(path: string, orgId: number, body: unknown): Call {
    return { method: "POST", path, query: { orgid: orgId }, body, timeoutMs: this.#requestTimeoutMs };
  }

  async #write(call: Call, role = WRITE_ROLE): Promise<Envelope> {
    return successOf(await this.#requests.run("write", call), this.#asked("write", call, role));
  }

  async #read(path: string, query: Readonly<Record<string, string | number>>): Promise<Envelope> {
    const call: Call = { method: "GET", path, query, timeoutMs: this.#requestTimeoutMs };
    return successOf(await this.#requests.run("read", call), this.#asked("read", call, READ_ROLE));
  }

  /** A list short enough to hold, read to its end. */
  async #list<T>(
    path: string,
    query: Readonly<Record<string, string | number>>,
    schema: z.ZodType<T>,
    pick: (data: unknown) => readonly unknown[] | undefined = itemsOf,
  ): Promise<T[]> {
    const fetchPage = (start: string | undefined) =>
      this.#read(path, start === undefined ? query : { ...query, startafter: start });
    const place = { method: "GET", path };
    const found: T[] = [];
    const skipped = new Skipped();
    for await (const item of itemsOfPages(place, fetchPage, pick)) {
      const result = schema.safeParse(item);
      if (result.success) found.push(result.data);
      else skipped.note(fieldsMissing(result.error));
    }
    if (skipped.count > 0 && found.length === 0) throw new UnreadableAnswerError(place, skipped.problem);
    if (skipped.count > 0) this.#onSkip(skipped.sentence(place));
    return found;
  }

  #parse<T>(schema: z.ZodType<T>, value: unknown, method: string, path: string): T {
    const result = schema.safeParse(value);
    if (!result.success) throw new UnreadableAnswerError({ method, path }, fieldsMissing(result.error));
    return result.data;
  }

  #asked(kind: "read" | "write", call: Call, neededRole: string): Asked {
    const [baseUrl, redactor, keyAdvice] = [this.#baseUrl, this.#redactor, this.#keyAdvice];
    return { kind, place: placeOf(call), baseUrl, neededRole, redactor, keyAdvice };
  }
}

/** One change of many devices. */
interface BulkChange {
  readonly orgId: number;
  readonly deviceIds: readonly number[];
  /** Beside the devices. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** That the key needs. */
  readonly role?: string;
}

function placeOf({ method, path }: Call): { method: string; path: string } {
  return { method, path };
}

/** Tags stand under `data.tags`, in the older description of the API in `data` itself. */
function tagItems(data: unknown): readonly unknown[] | undefined {
  return itemsOf(isRecord(data) && "tags" in data ? data.tags : data);
}

async function orUndefined<T>(statuses: readonly number[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const status = error instanceof ApiError ? error.status : undefined;
    if (status !== undefined && statuses.includes(status)) return undefined;
    throw error;
  }
}
