/** The SIMs of an account, found by ICCID, by link and by device. */
import { Pack, type PackShape, type SimRow } from "./pack";

const FIRST_LINK_ID = 5_000_001;
const FIRST_SIM_CARD_ID = 7_000_001;
const FIRST_DEVICE_ID = 2_000_001;

/** First ids of a pack; each is one more than the largest so far where it is left out. */
export interface ChosenIds {
  readonly linkId?: number | undefined;
  readonly simCardId?: number | undefined;
}

export class Inventory {
  /** In the order they came. */
  readonly packs: Pack[] = [];
  /** SIMs that no longer have the ICCID of their card, by the one they have. */
  readonly swapped = new Map<string, SimRow>();
  /** Ascending by link id. */
  #byLink: Pack[] = [];
  #byIccid: Pack[] = [];
  /** The highest ICCID among the packs up to each place of `byIccid`. */
  #reach: bigint[] = [];
  /** Ascending by device id, unless `unsorted`. */
  #devices: SimRow[] = [];
  #unsorted = false;

  /** Fails when a card or a link of the pack is known already. */
  addPack(shape: PackShape, ids: ChosenIds = {}): Pack {
    const last = this.#byLink.at(-1);
    const linkId = ids.linkId ?? (last === undefined ? FIRST_LINK_ID : last.firstLinkId + last.count);
    const pack = new Pack(shape, linkId, ids.simCardId ?? this.#nextSimCardId);
    for (const other of this.packs) {
      if (other.low <= pack.high && pack.low <= other.high) refuseSharedCards(pack, other);
      if (other.firstLinkId < linkId + pack.count && linkId < other.firstLinkId + other.count)
        throw new Error(`Link ids from ${linkId} on are taken already.`);
    }
    this.packs.push(pack);
    this.#byLink = [...this.#byLink, pack].sort((a, b) => a.firstLinkId - b.firstLinkId);
    this.#byIccid = [...this.#byIccid, pack].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
    let highest = 0n;
    this.#reach = this.#byIccid.map((each) => {
      highest = each.high > highest ? each.high : highest;
      return highest;
    });
    return pack;
  }

  /** A further profile on the device of a SIM. It has a link of its own, and the SIM card is the same. */
  addProfile(main: SimRow, iccid: string, linkId?: number): SimRow {
    const { orgId, listed } = main.pack;
    const shape: PackShape = {
      first: iccid,
      count: 1,
      step: 1,
      orgId,
      listed,
      firstEid: undefined,
      firstDeviceId: undefined,
    };
    const row = this.addPack(shape, { linkId, simCardId: main.simCardId }).row(0);
    row.profileOf = main;
    main.profiles = [...(main.profiles ?? []), row];
    return row;
  }

  /** Packs by link id, newest first. */
  packsByLink(): readonly Pack[] {
    return this.#byLink.toReversed();
  }

  find(iccid: string): SimRow | undefined {
    const swapped = this.swapped.get(iccid);
    if (swapped !== undefined) return swapped;
    const number = BigInt(iccid);
    for (let place = lastAtMost(this.#byIccid, (pack) => pack.low <= number); place >= 0; place -= 1) {
      const pack = this.#byIccid[place];
      const reach = this.#reach[place];
      if (pack === undefined || reach === undefined || reach < number) return undefined;
      const index = pack.indexOf(number);
      const row = index === undefined ? undefined : pack.row(index);
      if (row?.iccid === iccid) return row;
    }
    return undefined;
  }

  /** From now on the SIM is known by another ICCID, and the old one is unknown. */
  swapProfile(row: SimRow, iccid: string): void {
    if (this.find(iccid) !== undefined) throw new Error(`SIM ${iccid} is in the account already.`);
    this.swapped.delete(row.iccid);
    row.iccid = iccid;
    this.swapped.set(iccid, row);
  }

  /** Gives the SIM a device; a SIM keeps the device it has. */
  createDevice(row: SimRow, now: number): number {
    if (row.deviceId !== undefined) return row.deviceId;
    const chosen = row.pack.firstDeviceId;
    const deviceId = chosen === undefined ? this.nextDeviceId : chosen + row.index;
    if (chosen !== undefined && this.device(deviceId) !== undefined)
      throw new Error(`Device id ${deviceId} is taken already.`);
    row.createdAt = now;
    row.name = `SIM (${row.iccid.slice(-5)})`;
    this.restoreDevice(row, deviceId);
    return deviceId;
  }

  /** Puts a device in its place, as when an account is loaded. */
  restoreDevice(row: SimRow, deviceId: number): void {
    const last = this.#devices.at(-1)?.deviceId ?? 0;
    row.deviceId = deviceId;
    this.#devices.push(row);
    if (deviceId < last) this.#unsorted = true;
  }

  /** The device id that the next claim would hand out. */
  get nextDeviceId(): number {
    return (this.devicesById().at(-1)?.deviceId ?? FIRST_DEVICE_ID - 1) + 1;
  }

  /** The SIM whose device this is; its further profiles are `profiles`. */
  device(id: number): SimRow | undefined {
    const devices = this.devicesById();
    const row = devices[lastAtMost(devices, (each) => (each.deviceId ?? 0) <= id)];
    return row?.deviceId === id ? row : undefined;
  }

  /** Every SIM with a device, ascending by device id. */
  devicesById(): readonly SimRow[] {
    if (this.#unsorted) {
      this.#devices.sort((a, b) => (a.deviceId ?? 0) - (b.deviceId ?? 0));
      this.#unsorted = false;
    }
    return this.#devices;
  }

  link(id: number): SimRow | undefined {
    const pack = this.#byLink[lastAtMost(this.#byLink, (each) => each.firstLinkId <= id)];
    const index = pack === undefined ? -1 : id - pack.firstLinkId;
    return pack !== undefined && index < pack.count ? pack.row(index) : undefined;
  }

  get #nextSimCardId(): number {
    return this.packs.reduce(
      (next, pack) => Math.max(next, pack.firstSimCardId + pack.count),
      FIRST_SIM_CARD_ID,
    );
  }
}

/** Index of the last item for which `holds` is true, in a list where it is true up to some place; -1 for none. */
export function lastAtMost<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function refuseSharedCards(pack: Pack, other: Pack): void {
  const [small, large] = pack.count <= other.count ? [pack, other] : [other, pack];
  for (let index = 0; index < small.count; index += 1) {
    const iccid = small.iccidAt(index);
    if (large.indexOf(BigInt(iccid)) !== undefined)
      throw new Error(`SIM ${iccid} is in the account already.`);
  }
}
