import { isRecord, itemsOf } from "../../hologram/envelope";
import {
  ApiError,
  KeyRefusedError,
  RoleTooLowError,
  UnreachableError,
  UnreadableAnswerError,
  WrongAddressError,
} from "../../hologram/errors";
import type { Organization } from "../../hologram/model";
import { organizationSchema } from "../../hologram/schemas/organizationSchemas";
import { asId } from "../../hologram/schemas/readers";
import type { Reading } from "./ask";
import { bad, good, type Verdict, warning } from "./verdict";
import type { SeenAnswer } from "./watch";

/** An organization, and what the key's user may do in it. */
export interface Membership {
  readonly organization: Organization;
  /** `activation`, `deactivate`, … (API blueprint, OrgUser); undefined where Hologram does not tell. */
  readonly permissions: readonly string[] | undefined;
}

/** What the first question told: whether the account is there, and lets this key in. */
export interface Reach {
  readonly verdicts: readonly Verdict[];
  /** Undefined where nothing more can be asked. */
  readonly memberships: readonly Membership[] | undefined;
}

/** `GET /organizations`: the network, the certificate, the path, the clock, the key. `me` is `GET /users/me`. */
export function judgeReach(reading: Reading, me: Reading, baseUrl: string, deadlineMs: number): Reach {
  const { host, protocol } = new URL(baseUrl);
  const answered =
    reading.seen === undefined ? [] : [reached(host, protocol, reading.seen), clockOf(reading.seen)];
  if (reading.kind === "failed") {
    return { verdicts: [...answered, failureOf(reading, host, deadlineMs)], memberships: undefined };
  }
  const user = me.kind === "read" && isRecord(me.envelope.data) ? asId(me.envelope.data.id) : undefined;
  const memberships = (itemsOf(reading.envelope.data) ?? []).flatMap((item) => {
    const read = organizationSchema.safeParse(item);
    return read.success ? [{ organization: read.data, permissions: permissionsIn(item, user) }] : [];
  });
  return { verdicts: [...answered, good("key", "Hologram accepts it")], memberships };
}

/** What an organization says of one of its users. */
function permissionsIn(organization: unknown, user: number | undefined): readonly string[] | undefined {
  const users = isRecord(organization) ? (itemsOf(organization.users) ?? []) : [];
  const member = users.filter(isRecord).find(({ id }) => user !== undefined && asId(id) === user);
  const permissions = member?.permissions;
  return Array.isArray(permissions) ? permissions.filter((each) => typeof each === "string") : undefined;
}

/** A slow answer is an answer: fleets wait two minutes for theirs. */
const SLOW_MS = 2_000;

function reached(host: string, protocol: string, { milliseconds }: SeenAnswer): Verdict {
  const tls = protocol === "https:" ? ", with a certificate that is trusted" : "";
  return milliseconds < SLOW_MS
    ? good("network", `${host} answers${tls}, in ${Math.round(milliseconds)} ms`)
    : warning(
        "network",
        `${host} is slow: it took ${(milliseconds / 1_000).toFixed(1)} s to answer`,
        "Large fleets take long with it; try again later, or look for a proxy in between",
      );
}

/** More than a server's `Date` and the way of an answer can be apart. */
const CLOCK_TOLERANCE_MS = 60_000;

function clockOf({ headers, at }: SeenAnswer): Verdict {
  const told = Date.parse(headers.date ?? "");
  if (Number.isNaN(told)) return good("clock", "the server does not tell its time");
  const ahead = at - told;
  if (Math.abs(ahead) <= CLOCK_TOLERANCE_MS) return good("clock", "agrees with the server's");
  return warning(
    "clock",
    `this machine's is ${durationOf(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} the server's`,
    "Set it by a time server: how long a claim may still be landing is counted with it, and certificates depend on it",
  );
}

function durationOf(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function failureOf(
  { error, reply }: Reading & { kind: "failed" },
  host: string,
  deadlineMs: number,
): Verdict {
  if (error instanceof KeyRefusedError) {
    return bad(
      "key",
      "Hologram refuses it",
      "Make one in the dashboard, with the role Manager or Admin, and set HOLOGRAM_API_KEY",
    );
  }
  if (error instanceof RoleTooLowError)
    return bad("key", "its role is too low to read", "Use a key with the role Editor or higher");
  if (reply.kind === "lost" && reply.code === "TIMEOUT") {
    return bad(
      "network",
      `${host} gave no answer within ${deadlineMs / 1_000} s`,
      "Try again later; if it stays so, look for a proxy or a firewall in between",
    );
  }
  if (error instanceof UnreachableError)
    return bad("network", sentence(error), "Until then nothing can be read, and nothing is changed");
  // No path of the API answers like that.
  const isElsewhere =
    error instanceof ApiError
      ? error.status === 404
      : error instanceof UnreadableAnswerError || error instanceof WrongAddressError;
  if (isElsewhere) {
    return bad(
      "address",
      `what answers at ${host} is not Hologram's API: ${sentence(error)}`,
      "The address ends in /api/1: HOLOGRAM_BASE_URL=https://dashboard.hologram.io/api/1",
    );
  }
  return bad("account", sentence(error), "Try again later");
}

function sentence(error: Error): string {
  return error.message.replace(/\.$/, "");
}
