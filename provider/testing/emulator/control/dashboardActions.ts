/** The dashboard of an account: checks everything first, then does it. */

import { isActive } from "../account/activation";
import { type Account, usable } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { payPlanChange, putOnPlan } from "../account/planChange";
import { changeState, type StateCommand, stateRefusal } from "../account/stateChange";
import type { Dashboard } from "./dashboard";
import { activateByHand, addPack, addPlan, find, firstOrganization, move, swapProfile } from "./testControls";

/** `change` runs a piece of work and sees to it that it is written down and told. */
export function dashboardOf(account: Account, change: <T>(work: () => T) => T): Dashboard {
  const rowsOf = (iccids: readonly string[]) => iccids.map((iccid) => find(account, iccid));
  const command = (iccids: readonly string[], wanted: StateCommand) =>
    change(() => commandStates(account, rowsOf(iccids), wanted));
  return {
    activate: (iccids, terms) => change(() => activateByHand(account, iccids, terms)),
    pause: (iccids) => command(iccids, "pause"),
    resume: (iccids) => command(iccids, "live"),
    deactivate: (iccids) => command(iccids, "deactivate"),
    changePlan: (iccids, terms) =>
      change(() => {
        const rows = rowsOf(iccids);
        for (const row of rows) {
          if (!isActive(row)) throw new Error(`SIM ${row.iccid} is not active (${row.state}).`);
          account.terms(terms.plan, terms.zone, row.orgId);
        }
        for (const [orgId, ofOne] of Map.groupBy(rows, (row) => row.orgId)) {
          const { plan, zone } = account.terms(terms.plan, terms.zone, orgId);
          const { overageLimit = -1 } = terms;
          for (const row of ofOne)
            putOnPlan(row, { plan: plan.id, zone, overageLimit, threshold: -1, smsLimit: undefined });
          payPlanChange(account, orgId, ofOne, { by: "hand", request: 0 });
        }
        account.changed = true;
      }),
    setLimits: (iccids, { overageLimit, threshold, smsLimit }) =>
      change(() => {
        for (const row of rowsOf(iccids)) {
          row.overageLimit = overageLimit ?? row.overageLimit;
          row.threshold = threshold ?? row.threshold;
          row.smsLimit = smsLimit ?? row.smsLimit;
        }
        account.changed = true;
      }),
    tag: (iccids, name) =>
      change(() => {
        const rows = rowsOf(iccids);
        const orgId = rows[0]?.orgId ?? firstOrganization(account);
        for (const row of rows) {
          if (row.deviceId === undefined) throw new Error(`SIM ${row.iccid} has no device yet.`);
          if (row.orgId !== orgId) throw new Error("A tag is for devices of one organization.");
        }
        const tag = tagNamed(account, orgId, name) ?? account.addTag(orgId, name);
        for (const { deviceId } of rows) if (deviceId !== undefined) tag.deviceIds.add(deviceId);
        account.changed = true;
        return tag.id;
      }),
    untag: (iccids, name) =>
      change(() => {
        for (const { orgId, deviceId } of rowsOf(iccids)) {
          if (deviceId !== undefined) tagNamed(account, orgId, name)?.deviceIds.delete(deviceId);
        }
        account.changed = true;
      }),
    move: (iccids, orgId) =>
      change(() => {
        for (const row of rowsOf(iccids)) {
          const plan = row.plan === undefined ? undefined : account.plans.get(row.plan);
          if (plan !== undefined && !usable(plan, orgId))
            throw new Error(`Plan ${plan.id} is not available in organization ${orgId}.`);
        }
        for (const iccid of iccids) move(account, iccid, orgId);
      }),
    swapProfile: (iccid, newIccid) => change(() => swapProfile(account, iccid, newIccid)),
    addPack: (setup) => change(() => addPack(account, setup)),
    addCards: (iccids, options = {}) =>
      change(() => {
        const known = iccids.find((iccid) => account.inventory.find(iccid) !== undefined);
        if (known !== undefined) throw new Error(`SIM ${known} is in the account already.`);
        for (const first of iccids) addPack(account, { first, count: 1, ...options });
      }),
    setPrice: (planId, zone, amount) =>
      change(() => {
        const plan = account.plans.get(planId);
        if (plan?.zones[zone] === undefined) throw new Error(`Plan ${planId} has no zone ${zone}.`);
        if (!/^\d+(\.\d+)?$/.test(amount)) throw new Error(`A price is decimal text, not ${amount}.`);
        addPlan(account, { ...plan, zones: { ...plan.zones, [zone]: amount } });
      }),
    setBalance: (orgId, balance) => change(() => account.setBalance(orgId, balance)),
  };
}

function commandStates(account: Account, rows: readonly SimRow[], command: StateCommand): void {
  for (const row of rows) {
    // A person waits until a change that is under way has settled.
    account.settle(row);
    const reason = stateRefusal(account, row, command);
    if (reason !== undefined) throw new Error(`SIM ${row.iccid}: ${reason}.`);
  }
  for (const row of rows) changeState(account, row, command, { immediately: true });
}

function tagNamed(account: Account, orgId: number, name: string) {
  return [...account.tags.values()].find((tag) => tag.orgId === orgId && tag.name === name);
}
