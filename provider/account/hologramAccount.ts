import type { Account } from "../fleet/model/account";
import { money } from "../fleet/model/money";
import { ApiError } from "../hologram/errors";
import type { Hologram } from "../hologram/index";
import type { ChangeAnswer } from "../hologram/model";
import type { Clock } from "../util/clock";

/** One organization of a Hologram account, as the few things that a fleet asks of it. */
export function accountOf(hologram: Hologram, orgId: number, clock: Clock): Account {
  return {
    orgId,
    clock,
    simsInRange: (first, last) => hologram.simsInRange(orgId, first, last),
    simsByIccid: (iccids, isFinal) => hologram.simsByIccid(orgId, iccids, isFinal),
    simsByDevice: (deviceIds) => hologram.simsByDevice(orgId, deviceIds),
    allSims: () => hologram.simsOf(orgId),
    organizationOf: (deviceId) => hologram.organizationOf(deviceId),
    plan: (planId) => hologram.plan(orgId, planId),
    plans: () => hologram.plans(orgId),
    pricing: (planId) => hologram.pricing(orgId, planId),
    balance: async () => {
      const balance = await hologram.balance(orgId);
      if (balance === undefined || balance.isPostpaid) return undefined;
      return money(balance.balance)
        .plus(money(balance.promoBalance ?? "0"))
        .toFixed(2);
    },
    previewClaim: (target) => hologram.previewClaim(orgId, target),
    claim: (request) => hologram.claim({ ...request, orgId }),
    setState: (deviceIds, command) => hologram.setState(orgId, deviceIds, command),
    changePlan: (deviceIds, to) => hologram.changePlan(orgId, deviceIds, to),
    setLimits: (deviceIds, limits) => hologram.setLimits(orgId, deviceIds, limits),
    linkTag: (tagId, deviceIds) => hologram.linkTag(orgId, tagId, deviceIds),
    unlinkTag: (tagId, deviceIds) => unlessGone(hologram.unlinkTag(orgId, tagId, deviceIds)),
  };
}

/** A tag that is gone is off every SIM. */
async function unlessGone(answer: Promise<ChangeAnswer>): Promise<ChangeAnswer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { warnings: new Map(), remarks: [] };
    throw error;
  }
}
