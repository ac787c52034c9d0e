/** The SIMs of an account, found by ICCID, by link and by device. */
import { Pack, type PackShape, type SimRow } from "./pack";

const FIRST_LINK_ID = 5_000_001;
const FIRST_SIM_CARD_ID = 7_000_001;
const FIRST_DEVICE_ID = 2_000_001;

export class Inventory {
  /** In the order they came, hence by link id. */
  readonly packs: Pack[] = [];
  /** In the order they came to be: the device with id `FIRST_DEVICE_ID + n` is the n-th. */
  readonly devices: SimRow[] = [];
  /** SIMs that no longer have the ICCID of their card, by the one they have. */
  readonly swapped = new Map<string, SimRow>();
  private byIccid: Pack[] = [];
  /** The highest ICCID among the packs up to each place of `byIccid`. */
  private reach: bigint[] = [];
  private cards = 0;

  /** Fails when a card of the pack is known already. */
  addPack(shape: PackShape): Pack {
    const pack = new Pack(shape, FIRST_LINK_ID + this.cards, FIRST_SIM_CARD_ID + this.cards);
    for (const other of this.packs) {
      if (other.low <= pack.high && pack.low <= other.high) refuseSharedCards(pack, other);
    }
    this.packs.push(pack);
    this.cards += pack.count;
    this.byIccid = [...this.byIccid, pack].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
    let highest = 0n;
    this.reach = this.byIccid.map((each) => {
      highest = each.high > highest ? each.high : highest;
      return highest;
    });
    return pack;
  }

  find(iccid: string): SimRow | undefined {
    const swapped = this.swapped.get(iccid);
    if (swapped !== undefined) return swapped;
    const number = BigInt(iccid);
    for (let place = lastAtMost(this.byIccid, (pack) => pack.low <= number); place >= 0; place -= 1) {
      const pack = this.byIccid[place];
      const reach = this.reach[place];
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
    row.deviceId = FIRST_DEVICE_ID + this.devices.length;
    row.createdAt = now;
    row.name = `SIM (${row.iccid.slice(-5)})`;
    this.devices.push(row);
    return row.deviceId;
  }

  /** Puts a device back in its place, when an account is loaded. */
  restoreDevice(row: SimRow, deviceId: number): void {
    row.deviceId = deviceId;
    this.devices[deviceId - FIRST_DEVICE_ID] = row;
  }

  /** The device id that the next claim would hand out. */
  get nextDeviceId(): number {
    return FIRST_DEVICE_ID + this.devices.length;
  }

  device(id: number): SimRow | undefined {
    return this.devices[id - FIRST_DEVICE_ID];
  }

  link(id: number): SimRow | undefined {
    const pack = this.packs[lastAtMost(this.packs, (each) => each.firstLinkId <= id)];
    const index = pack === undefined ? -1 : id - pack.firstLinkId;
    return pack !== undefined && index < pack.count ? pack.row(index) : undefined;
  }
}

/** Index of the last item for which `holds` is true, in a list where it is true up to some place; -1 for none. */
function lastAtMost<T>(items: readonly T[], holds: (item: T) => boolean): number {
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
