import { z } from "zod";
import { fields } from "../../dynamic/inputs/fields";
import { problemsOf, schemasOf } from "../../dynamic/inputs/inputTable";
import { quote } from "../../dynamic/wire/values";
import { FleetError } from "../../fleet/model/fleetErrors";

/** Arguments that mean what the input of a fleet of that name means. */
export const { orgId, plan, sims, simRange, tagId } = schemasOf(fields);

/** Ids of anything. */
export function ids(what: string) {
  return z
    .array(z.int(`write ${what}, whole numbers above 0`).positive(`write ${what}, whole numbers above 0`))
    .optional();
}

/** The schema of each argument, by the names in the types that users see. */
export type ShapeOf<A> = Record<keyof A, z.ZodType>;

/** The arguments of a look-up, checked. A misspelled filter would find everything: it is refused. */
export function checkArguments<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  given: object,
): z.output<z.ZodObject<Shape>> {
  const names = Object.keys(shape.shape);
  const other = Object.keys(given).find((key) => !names.includes(key));
  if (other !== undefined) {
    throw new FleetError(`${quote(other)} is not one of its arguments: ${names.join(", ")}`);
  }
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  throw new FleetError(problemsOf(result.error, { ...given }).join("; "));
}
