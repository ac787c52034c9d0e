import { Connection } from "../../account/connection";
import type { Settings } from "../../account/settings";
import { messageOf, nameSome } from "../../fleet/model/fleetErrors";
import { checkBaseUrl } from "../../hologram/baseUrl";
import { connectionsTo } from "../../hologram/connections";
import type { ClaimTarget } from "../../hologram/model";
import { Redactor } from "../../hologram/redact";
import type { Clock } from "../../util/clock";
import { Questions } from "./ask";
import { askPreview } from "./askPreview";
import { judgeSettings } from "./environment";
import { judgeForms } from "./forms";
import { checkNode, checkPulumi, programsOf } from "./machine";
import { askOrganization } from "./organization";
import { checkPackage } from "./package";
import { judgeReach, type Membership } from "./reach";
import { bad, good, type Verdict, warning } from "./verdict";
import { type SeenAnswer, watch } from "./watch";

export interface DiagnoseOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Folder of the Pulumi program. */
  readonly folder: string;
  /** SIMs to ask a preview for. */
  readonly target: ClaimTarget | undefined;
  readonly deadlines: Deadlines;
  /** Told what is being done. */
  readonly progress: (what: string) => void;
}

/** Milliseconds for each part: together under ten seconds, with time to start on a slow machine. */
export interface Deadlines {
  readonly programMs: number;
  readonly reachMs: number;
  readonly readMs: number;
  readonly previewMs: number;
}

export const DEADLINES: Deadlines = { programMs: 3_000, reachMs: 3_000, readMs: 2_500, previewMs: 2_000 };

export interface Diagnosis {
  /** In the order in which a reader would look. */
  readonly verdicts: readonly Verdict[];
  readonly answers: readonly SeenAnswer[];
}

/** Looks at the machine and at the account side by side. Reads only, whatever it is answered. */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const run = programsOf(options.environment, options.deadlines.programMs);
  const [node, pulumi, account] = await Promise.all([
    checkNode(run),
    checkPulumi(run),
    diagnoseAccount(options),
  ]);
  const verdicts = [node, ...checkPackage(options.folder), pulumi, ...account.verdicts];
  return { verdicts, answers: account.answers };
}

async function diagnoseAccount(options: DiagnoseOptions): Promise<Diagnosis> {
  const settings = settingsOf(options.environment);
  if (settings instanceof Error) {
    return {
      verdicts: [bad("settings", messageOf(settings), "Correct or unset that variable")],
      answers: [],
    };
  }
  const verdicts = [...judgeSettings(settings, options.environment)];
  const { apiKey } = settings;
  if (apiKey === undefined || verdicts.some(({ level }) => level === "bad")) return { verdicts, answers: [] };
  const redactor = new Redactor(apiKey);
  const found = await askAccount(settings, apiKey, options);
  return { verdicts: [...verdicts, ...found.verdicts].map(redacted), answers: found.answers };

  function redacted(verdict: Verdict): Verdict {
    const { details } = verdict;
    const text = redactor.redact(verdict.text);
    return details === undefined
      ? { ...verdict, text }
      : { ...verdict, text, details: details.map((each) => redactor.redact(each)) };
  }
}

/** More would not fit in ten seconds, and be more than a person reads. */
const MOST_ORGANIZATIONS = 3;

async function askAccount(settings: Settings, apiKey: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const { clock, deadlines, progress, target } = options;
  const baseUrl = checkBaseUrl(settings.baseUrl);
  const { dispatcher, answers } = watch(connectionsTo(baseUrl).kept, new URL(baseUrl).pathname, () =>
    clock.now(),
  );
  const questions = new Questions({ baseUrl, apiKey, dispatcher, answers, clock });
  progress(`asking ${new URL(baseUrl).host}`);
  const [first, me] = await Promise.all([
    questions.get("/organizations", {}, deadlines.reachMs),
    questions.get("/users/me", {}, deadlines.reachMs),
  ]);
  const { verdicts, memberships } = judgeReach(first, me, baseUrl, deadlines.reachMs);
  if (memberships === undefined) return { verdicts, answers };
  const [chosen, choice] = choose(memberships, settings.orgId);
  progress("reading plans, balance and lists");
  const findings = await Promise.all(
    chosen.map((each) => askOrganization(questions, each, deadlines.readMs)),
  );
  const [only] = chosen;
  const previews: Verdict[] = [];
  if (target !== undefined && only !== undefined) {
    progress("asking for a preview");
    previews.push(
      chosen.length > 1
        ? warning("activation", "not asked for: which organization?", "Set HOLOGRAM_ORG_ID")
        : await askPreview(questions, only.organization.id, target, deadlines.previewMs),
    );
  }
  const all = [...verdicts, choice, ...findings.flat(), ...previews, ...judgeForms(answers)];
  return { verdicts: all, answers };
}

/** The organizations to look at, and what their number means. */
function choose(
  memberships: readonly Membership[],
  orgId: number | undefined,
): readonly [readonly Membership[], Verdict] {
  const topic = "organizations";
  const organizations = memberships.map(({ organization }) => organization);
  const names = nameSome(organizations.map(({ id, name }) => (name === "" ? `${id}` : `${id} (${name})`)));
  if (organizations.length === 0)
    return [[], bad(topic, "the key sees none", "Use a key of a member of the organization")];
  if (orgId === undefined) {
    const verdict =
      organizations.length === 1
        ? good(topic, names)
        : warning(
            topic,
            `the key sees ${names}`,
            "Name one in each fleet by orgId, or for all of them by HOLOGRAM_ORG_ID",
          );
    return [memberships.slice(0, MOST_ORGANIZATIONS), verdict];
  }
  const chosen = memberships.filter(({ organization }) => organization.id === orgId);
  const verdict =
    chosen.length > 0
      ? good(topic, `${orgId}, by HOLOGRAM_ORG_ID; the key sees ${names}`)
      : bad(
          topic,
          `the key does not see ${orgId}, which HOLOGRAM_ORG_ID names; it sees ${names}`,
          "Set HOLOGRAM_ORG_ID to one of those",
        );
  return [chosen, verdict];
}

/** A setting that cannot be read is a sentence. */
function settingsOf(environment: NodeJS.ProcessEnv): Settings | Error {
  try {
    return new Connection(environment).settings();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
