/** The engine's floor: resources of the same shape, whose provider only returns arrays. */
import * as pulumi from "@pulumi/pulumi";
import { PLAN, range } from "../pack";
import { declaredParts } from "./declared";
import { FLOOR_TEXT } from "./floorText";

class Floor extends pulumi.CustomResource {
  declare readonly simCount: pulumi.Output<number>;

  constructor(name: string, [from, to]: readonly [number, number]) {
    const outputs = { iccids: undefined, deviceIds: undefined, linkIds: undefined, simCount: undefined };
    const inputs = { simRange: range(from, to), plan: PLAN, zone: "global", from, to };
    super("pulumi-nodejs:dynamic/bench:Floor", name, { ...outputs, ...inputs, __provider: FLOOR_TEXT });
  }
}

export const counts = declaredParts().map((part, n) => new Floor(`floor-${n}`, part).simCount);
