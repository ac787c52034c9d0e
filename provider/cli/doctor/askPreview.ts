import { adviceFor, groupByReason, messageOf, nameSome } from "../../fleet/model/fleetErrors";
import { countOfSims } from "../../fleet/model/money";
import type { ClaimTarget, PreviewAnswer } from "../../hologram/model";
import type { Questions } from "./ask";
import { bad, good, type Verdict, warning } from "./verdict";

const TOPIC = "activation";

/** Asks the account whether SIMs could be activated, by its own preview of a claim, which can never become a purchase. */
export async function askPreview(
  questions: Questions,
  orgId: number,
  target: ClaimTarget,
  deadlineMs: number,
): Promise<Verdict> {
  try {
    return judge(await questions.preview(orgId, target, deadlineMs), orgId);
  } catch (error) {
    const text = `the preview could not be had: ${messageOf(error).replace(/\.$/, "")}`;
    return warning(TOPIC, text, "Previews say unverified where that stays so; try again later");
  }
}

function judge(answer: PreviewAnswer, orgId: number): Verdict {
  switch (answer.kind) {
    case "claimable":
      return answer.iccids === undefined
        ? good(
            TOPIC,
            `Hologram would activate what was asked for in organization ${orgId}, and names no SIMs`,
            {
              advice: "A range that it does not name needs expectedSims",
            },
          )
        : good(TOPIC, `${countOfSims(answer.iccids.length)} can be activated in organization ${orgId}`, {
            details: answer.iccids.length === 0 ? [] : [nameSome(answer.iccids)],
          });
    case "refusedSims": {
      const refusals = [...answer.reasons].map(([iccid, reason]) => ({ iccid, reason }));
      return warning(
        TOPIC,
        `${countOfSims(refusals.length)} cannot be activated in organization ${orgId}`,
        adviceOn([...answer.reasons.values()]),
        groupByReason(refusals),
      );
    }
    case "refused":
      return answer.cause === "role"
        ? warning(
            TOPIC,
            `this key may not ask for previews in organization ${orgId}`,
            "Activating takes a key with the role Manager or higher; without previews say unverified",
          )
        : bad(
            TOPIC,
            `Hologram refuses the preview: "${answer.message}"`,
            adviceFor(answer.cause) ?? "Look at the SIMs that were named",
          );
    case "looksLikePurchase":
      return bad(
        TOPIC,
        `the answer to the preview carries device or link ids for ${countOfSims(answer.iccids.length)}`,
        "Nothing can have been bought: the request named no plan. Fleets stop at such an answer; report it with --report",
        [nameSome(answer.iccids)],
      );
  }
}

function adviceOn(words: readonly string[]): string {
  const [active, others] = [words.some(isActive), words.some((each) => !isActive(each))];
  return [
    ...(active ? ["SIMs of your own that are active already are taken over by declaring them"] : []),
    ...(others
      ? ["what Hologram does not know, or refuses, is mistyped or in another account: check its numbers"]
      : []),
  ].join("; ");
}

function isActive(words: string): boolean {
  return /already/i.test(words);
}
