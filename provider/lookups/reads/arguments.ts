import { quote } from "../../dynamic/wire/values";
import { FleetError } from "../../fleet/model/errors";

/** A misspelled filter would find everything: it is refused. */
export function refuseOthers(args: object, names: readonly string[]): void {
  const other = Object.keys(args).find((key) => !names.includes(key));
  if (other === undefined) return;
  throw new FleetError(`${quote(other)} is not one of its arguments: ${names.join(", ")}`);
}
