/** With `node --require`, plants a fault of this package into the planner of a provider process: an `undefined.foo`. */
import * as planner from "../../../provider/fleet/plan/plan";

function planted(): never {
  throw new TypeError("Cannot read properties of undefined (reading 'foo')");
}

Object.assign(planner, { plan: planted });
