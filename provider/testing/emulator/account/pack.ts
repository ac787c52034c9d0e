/**
 * SIMs as they leave the factory: in packs. A million of them must cost little, so a row is made when it is first
 * touched, and every look-up is arithmetic.
 */
import type { ProfileState } from "../accountSetup";

/** A state that is on its way to another. */
export interface Pending {
  readonly settled: string;
  readsLeft: number;
  /** Milliseconds since the epoch; absent where reads decide. */
  readonly due?: number;
}

export interface StateChange {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** One SIM. Fields that are undefined have never been set. */
export class SimRow {
  /** The ICCID of the profile in use: that of the card, until an eSIM swaps its profile. */
  iccid: string;
  state: string;
  orgId: number;
  deviceId: number | undefined;
  plan: number | undefined;
  zone: string | undefined;
  overageLimit = -1;
  threshold = -1;
  smsLimit = -1;
  tunnelable = true;
  name: string | undefined;
  /** When it was last activated. */
  claimedAt: number | undefined;
  /** When its device came to be. */
  createdAt: number | undefined;
  testModeSince: number | undefined;
  pending: Pending | undefined;
  /** The first request that claimed it. */
  claimedBy: number | undefined;
  /** Changes after the activation. */
  history: StateChange[] | undefined;
  /** What answers that lag still show. */
  lagging: { readonly row: SimRow; readsLeft: number } | undefined;
  profileState: ProfileState = "ENABLED";
  /** Further profiles of an eSIM: each is a link of its own on this device. */
  profiles: SimRow[] | undefined;
  /** Of a further profile: the SIM whose device it is on. */
  profileOf: SimRow | undefined;

  constructor(
    readonly pack: Pack,
    readonly index: number,
  ) {
    this.iccid = pack.iccidAt(index);
    this.state = "INACTIVE";
    this.orgId = pack.orgId;
  }

  get linkId(): number {
    return this.pack.firstLinkId + this.index;
  }

  get simCardId(): number {
    return this.pack.firstSimCardId + this.index;
  }

  get eid(): string | undefined {
    const first = this.pack.firstEid;
    return first === undefined ? undefined : spell(BigInt(first) + BigInt(this.index), first.length);
  }

  /** Hologram's guide: 100 a cycle is the default, and no SIM is without a limit. */
  get smsLimitShown(): number {
    return this.smsLimit === -1 ? 100 : this.smsLimit;
  }

  /** Whether the row differs from a card as it comes out of the box. */
  get touched(): boolean {
    return this.deviceId !== undefined || this.state !== "INACTIVE" || this.orgId !== this.pack.orgId;
  }

  /** The SIM as it is now, whatever becomes of it. */
  copy(): SimRow {
    return Object.assign(new SimRow(this.pack, this.index), this, { lagging: undefined });
  }
}

export interface PackShape {
  readonly first: string;
  readonly count: number;
  readonly step: number;
  readonly orgId: number;
  readonly listed: boolean;
  readonly firstEid: string | undefined;
  /** Device ids are handed out in the order of activation where this is absent. */
  readonly firstDeviceId: number | undefined;
}

/** Cards in a row: link ids rise with the ICCID. */
export class Pack implements PackShape {
  readonly first: string;
  readonly count: number;
  readonly step: number;
  readonly orgId: number;
  readonly listed: boolean;
  readonly firstEid: string | undefined;
  readonly firstDeviceId: number | undefined;
  readonly low: bigint;
  readonly high: bigint;
  readonly #rows: (SimRow | undefined)[];

  constructor(
    shape: PackShape,
    readonly firstLinkId: number,
    readonly firstSimCardId: number,
  ) {
    this.first = shape.first;
    this.count = shape.count;
    this.step = shape.step;
    this.orgId = shape.orgId;
    this.listed = shape.listed;
    this.firstEid = shape.firstEid;
    this.firstDeviceId = shape.firstDeviceId;
    this.low = BigInt(shape.first);
    this.high = this.low + BigInt(shape.count - 1) * BigInt(shape.step);
    this.#rows = new Array<SimRow | undefined>(shape.count);
  }

  iccidAt(index: number): string {
    return spell(this.low + BigInt(index) * BigInt(this.step), this.first.length);
  }

  /** The row, made now if nobody touched it before. */
  row(index: number): SimRow {
    let row = this.#rows[index];
    if (row === undefined) {
      row = new SimRow(this, index);
      this.#rows[index] = row;
    }
    return row;
  }

  /** The row if somebody touched it. */
  touchedRow(index: number): SimRow | undefined {
    return this.#rows[index];
  }

  indexOf(iccid: bigint): number | undefined {
    if (iccid < this.low || iccid > this.high) return undefined;
    const distance = Number(iccid - this.low);
    return distance % this.step === 0 ? distance / this.step : undefined;
  }

  /** Indexes of the cards between two ICCIDs, both included. */
  span(first: bigint, last: bigint): readonly [number, number] | undefined {
    if (last < this.low || first > this.high) return undefined;
    const from = first <= this.low ? 0 : Math.ceil(Number(first - this.low) / this.step);
    const to = last >= this.high ? this.count - 1 : Math.floor(Number(last - this.low) / this.step);
    return from <= to ? [from, to] : undefined;
  }

  /** Indexes of the cards between two EIDs, both included. */
  eidSpan(first: bigint, last: bigint): readonly [number, number] | undefined {
    if (this.firstEid === undefined) return undefined;
    const low = BigInt(this.firstEid);
    const high = low + BigInt(this.count - 1);
    if (last < low || first > high) return undefined;
    return [first <= low ? 0 : Number(first - low), last >= high ? this.count - 1 : Number(last - low)];
  }
}

/** Writes a number with the digits it had on the card. */
function spell(number: bigint, digits: number): string {
  return number.toString().padStart(digits, "0");
}
