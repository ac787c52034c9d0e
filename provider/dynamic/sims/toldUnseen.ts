import { type Approval, approveNothing, hasWork } from "../../fleet/model/approval";
import type { Declaration, DeclaredSims } from "../../fleet/model/declaration";
import { toDollars } from "../../fleet/model/money";
import { sameZone } from "../../fleet/model/terms";
import { dueNow, monthlyCost, type Price } from "../../fleet/observe/price";
import { isVerified, type Preview, type UnverifiedPreview } from "../../fleet/plan/preview";
import { defined } from "../../util/defined";
import { type FleetInputs, limitsEdited } from "../inputs/parse";

/** What is known of a fleet before anybody has looked at the account. */
export interface Unseen {
  readonly inputs: FleetInputs;
  readonly former: FleetInputs | undefined;
  readonly last: Preview | UnverifiedPreview | undefined;
  /** ICCIDs that the former declaration came to. */
  readonly roll: readonly string[] | undefined;
}

/** What can be told all the same. */
export interface ToldUnseen {
  readonly preview: Omit<UnverifiedPreview, "unverified">;
  /** The same by name, as far as there are names, and at its price. */
  readonly approval: Approval | undefined;
  /** ICCIDs that the declaration comes to, where it is the former one and no SIM enters. */
  readonly roll: readonly string[] | undefined;
}

/**
 * At most how many SIMs enter, as the program counts them, and at most which of the former ones change their plan or limits,
 * because the program was edited. `declaration`: undefined where inputs that it is made of are unknown.
 */
export function toldUnseen(
  unseen: Unseen,
  declaration: Declaration | undefined,
  price: Price | undefined,
): ToldUnseen {
  const { inputs, former, roll = [] } = unseen;
  const { sims, expectedSims } = inputs;
  const staying = sims === undefined ? [] : roll.filter(staysIn(sims, former?.sims));
  const most = sims?.form === "list" ? sims.iccids.length : expectedSims;
  const activate = sims === undefined || most === undefined ? undefined : Math.max(0, most - staying.length);
  // Which SIMs leave a range of EIDs nobody can tell.
  const mayStay = sims?.form === "eids" ? roll : staying;
  const moved = declaration !== undefined && isMoved(unseen, declaration) ? mayStay : [];
  const limited =
    declaration !== undefined && moved.length === 0 && isLimited(unseen, declaration) ? mayStay : [];
  const due = price && activate !== undefined ? dueNow(price, activate) : undefined;
  const month = price && moved.length > 0 ? monthlyCost(price, moved.length + (activate ?? 0)) : undefined;
  const isSame = former?.sims !== undefined && sims?.selection.equals(former.sims.selection) === true;
  return {
    preview: defined({
      activate,
      changePlan: moved.length === 0 ? undefined : moved.length,
      changeLimits: limited.length === 0 ? undefined : limited.length,
      dueNow: due && toDollars(due),
      monthlyCost: month && toDollars(month),
    }),
    approval: declaration && approvalOf(declaration, price, { activate, staying, moved, limited }),
    roll: isSame && (activate ?? 0) === 0 ? unseen.roll : undefined,
  };
}

/** Whether a SIM of the former declaration is one of this too, for certain. */
function staysIn(sims: DeclaredSims, former: DeclaredSims | undefined): (iccid: string) => boolean {
  if (sims.form !== "eids") return (iccid) => sims.selection.has(iccid);
  const isAll = former !== undefined && sims.selection.covers(former.selection);
  return () => isAll;
}

/**
 * Whether the program was edited to another plan or zone. Where a refresh found drift, the former inputs may be what it
 * found, and the program as it was.
 */
function isMoved({ former, last }: Unseen, { plan, zone }: Declaration): boolean {
  if (former?.plan === undefined || hasDrift(last)) return false;
  return former.plan !== plan || !sameZone(former.zone, zone);
}

/** The same of limits. A value that is not known yet is another one. */
function isLimited({ inputs, former, last }: Unseen, { limitsUnknown }: Declaration): boolean {
  if (former === undefined || hasDrift(last)) return false;
  return limitsUnknown === true || limitsEdited(inputs, former);
}

function hasDrift(last: Unseen["last"]): boolean {
  return last !== undefined && isVerified(last) && last.drift !== undefined;
}

interface Work {
  readonly activate: number | undefined;
  readonly staying: readonly string[];
  readonly moved: readonly string[];
  readonly limited: readonly string[];
}

function approvalOf(
  { sims, plan, zone }: Declaration,
  price: Price | undefined,
  { activate = 0, staying, moved, limited }: Work,
): Approval | undefined {
  const before = new Set(staying);
  const isList = sims.form === "list";
  const entering = isList ? sims.iccids.filter((iccid) => !before.has(iccid)) : [];
  const none = approveNothing({ plan, zone, price: price?.amount });
  const approval: Approval = {
    ...none,
    sims: {
      ...none.sims,
      activate: new Set(entering),
      changePlan: new Set(moved),
      changeLimits: new Set(limited),
    },
    ...(isList || activate === 0 ? {} : { unnamed: { numbers: sims.selection, atMost: activate } }),
  };
  return hasWork(approval) ? approval : undefined;
}
