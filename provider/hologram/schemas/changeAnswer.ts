import { isRecord } from "../envelope";
import type { ChangeAnswer } from "../model";
import { asId, asText } from "./readers";

/**
 * What a bulk change did, from `data` of its answer: `warnings` and `devices_modified` in the documented editions,
 * nothing at all in the newest. The server's words are passed through `words`.
 */
export function readChange(data: unknown, words: (text: string) => string): ChangeAnswer {
  const result = isRecord(data) ? data : {};
  const warnings = new Map<number, string>();
  const remarks: string[] = [];
  const sent: readonly unknown[] = Array.isArray(result.warnings) ? result.warnings : [];
  for (const each of sent) {
    const warning = isRecord(each) ? each : { message: each };
    const message = words(asText(warning.message) ?? "not changed, and no reason was given");
    const device = asId(warning.deviceid);
    if (device === undefined) remarks.push(message);
    else warnings.set(device, message);
  }
  const modified = Array.isArray(result.devices_modified) ? idsIn(result.devices_modified) : undefined;
  return { warnings, remarks, ...(modified === undefined ? {} : { modified }) };
}

function idsIn(list: readonly unknown[]): ReadonlySet<number> {
  return new Set(list.map((each) => asId(isRecord(each) ? each.id : each)).filter((id) => id !== undefined));
}
