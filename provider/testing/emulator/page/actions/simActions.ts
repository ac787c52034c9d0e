/** What a person does with SIMs: those that are ticked, or all that match the filter. */
import { isActive, isDead } from "../../account/activation";
import type { SimRow } from "../../account/pack";
import type { Action, PageHost } from "../pageHost";
import { matchingIccids } from "../reading/simList";
import { counted } from "../views/words";
import { readFilter } from "./filter";
import type { Form } from "./form";

export const changeSims: Action = (host, form) => {
  const act = acts.get(form.text("do") ?? "");
  if (act === undefined) throw new Error("Press one of the buttons to say what to do with the SIMs.");
  const rows = chosen(host, form);
  if (rows.length === 0) throw new Error("No SIM is ticked.");
  const fit = rows.filter(act.fits);
  const left = rows.length - fit.length;
  if (fit.length === 0) {
    const subject = left === 1 ? `SIM ${rows[0]?.iccid}` : `All ${counted(left, "SIM")}`;
    throw new Error(`Nothing was done. ${subject}: ${act.unfit}.`);
  }
  const done = act.run(host, fit, form);
  return left === 0 ? done : `${done} ${counted(left, "SIM was", "SIMs were")} left alone: ${act.unfit}.`;
};

interface Act {
  /** Whether the SIM can be changed so. */
  fits(row: SimRow): boolean;
  /** Why others cannot. */
  readonly unfit: string;
  /** Says what was done. */
  run(host: PageHost, rows: readonly SimRow[], form: Form): string;
}

const active = { fits: isActive, unfit: "not active" };
const claimed = {
  fits: (row: SimRow) => row.deviceId !== undefined,
  unfit: "without a device, because never claimed",
};

const acts: ReadonlyMap<string, Act> = new Map(
  Object.entries<Act>({
    activate: {
      fits: (row) => !isActive(row) && !isDead(row),
      unfit: "active already, or deactivated",
      run({ emulator }, rows, form) {
        const terms = readTerms(form, "activate-terms");
        for (const [orgId, some] of Map.groupBy(rows, (row) => row.orgId)) {
          emulator.dashboard.activate(iccidsOf(some), { ...terms, orgId });
        }
        return `${counted(rows.length, "SIM was", "SIMs were")} activated and charged.`;
      },
    },
    pause: {
      ...active,
      run({ emulator }, rows) {
        emulator.dashboard.pause(iccidsOf(rows));
        return `${counted(rows.length, "SIM was", "SIMs were")} paused. The monthly fee goes on.`;
      },
    },
    resume: {
      ...active,
      run({ emulator }, rows) {
        emulator.dashboard.resume(iccidsOf(rows));
        return `${counted(rows.length, "SIM was", "SIMs were")} resumed.`;
      },
    },
    deactivate: {
      ...active,
      run({ emulator }, rows, form) {
        if (!form.has("sure")) {
          throw new Error(
            `Nothing was done: ${counted(rows.length, "SIM")} would be gone for ever. Tick "I mean it".`,
          );
        }
        emulator.dashboard.deactivate(iccidsOf(rows));
        return `${counted(rows.length, "SIM was", "SIMs were")} deactivated, for ever.`;
      },
    },
    plan: {
      ...active,
      run({ emulator }, rows, form) {
        const terms = readTerms(form, "plan-terms");
        emulator.dashboard.changePlan(iccidsOf(rows), terms);
        return `${counted(rows.length, "SIM was", "SIMs were")} moved to plan ${terms.plan}, zone ${terms.zone}.`;
      },
    },
    limits: {
      ...claimed,
      run({ emulator }, rows, form) {
        const limits = {
          overageLimit: form.integer("overage", "Data"),
          threshold: form.integer("threshold", "Warning"),
          smsLimit: form.integer("sms", "SMS"),
        };
        const given = Object.entries(limits).filter(([, value]) => value !== undefined);
        if (given.length === 0) throw new Error("No limit was given.");
        emulator.dashboard.setLimits(iccidsOf(rows), Object.fromEntries(given));
        return `The limits of ${counted(rows.length, "SIM")} were set.`;
      },
    },
    tag: {
      ...claimed,
      run({ emulator }, rows, form) {
        const name = form.required("tag-name", "The name of the tag");
        for (const some of Map.groupBy(rows, (row) => row.orgId).values())
          emulator.dashboard.tag(iccidsOf(some), name);
        return `${counted(rows.length, "SIM carries", "SIMs carry")} the tag ${name} now.`;
      },
    },
    untag: {
      ...claimed,
      run({ emulator }, rows, form) {
        const name = form.required("tag-name", "The name of the tag");
        emulator.dashboard.untag(iccidsOf(rows), name);
        return `${counted(rows.length, "SIM carries", "SIMs carry")} no tag ${name} now.`;
      },
    },
    move: {
      fits: () => true,
      unfit: "not to be moved",
      run({ emulator }, rows, form) {
        const orgId = form.requiredInteger("move-to", "The organization");
        emulator.dashboard.move(iccidsOf(rows), orgId);
        return `${counted(rows.length, "SIM was", "SIMs were")} moved to organization ${orgId}.`;
      },
    },
  }),
);

function chosen({ account }: PageHost, form: Form): SimRow[] {
  const iccids =
    form.text("which") === "matching" ? matchingIccids(account, readFilter(form)) : form.all("pick");
  return iccids.map((iccid) => {
    const row = /^\d{1,32}$/.test(iccid) ? account.inventory.find(iccid) : undefined;
    if (row === undefined) throw new Error(`The account has no SIM ${iccid}.`);
    account.stateOf(row);
    return row;
  });
}

/** `2096 global`, as the choices have it. */
function readTerms(form: Form, name: string): { readonly plan: number; readonly zone: string } {
  const [, plan, zone] = /^(\d+) (.+)$/.exec(form.text(name) ?? "") ?? [];
  if (plan === undefined || zone === undefined) throw new Error("Choose a plan and a zone.");
  return { plan: Number(plan), zone };
}

function iccidsOf(rows: readonly SimRow[]): string[] {
  return rows.map(({ iccid }) => iccid);
}
