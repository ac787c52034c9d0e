/** Every endpoint of the API. */
import type { Account } from "../account/emulatedAccount";
import { moneyRoutes } from "./balanceRoutes";
import { catalogueRoutes } from "./catalogue";
import { changeRoutes } from "./changes";
import { claimRoutes } from "./claimRoutes";
import type { Route } from "./http";
import { limitRoutes } from "./limits";
import { listingRoutes } from "./listings";
import { moveRoutes } from "./moves";
import { notPlayedRoutes } from "./notPlayed";
import { planRoutes } from "./planChanges";
import { tagRoutes } from "./tags";
import { usageRoutes } from "./usage";
import { userRoutes } from "./users";

/** In the order in which they are tried: a fixed path goes before one with a name in it. */
export function apiRoutes(account: Account): Route[] {
  return [
    ...claimRoutes(account),
    ...listingRoutes(account),
    ...changeRoutes(account),
    ...planRoutes(account),
    ...limitRoutes(account),
    ...moveRoutes(account),
    ...tagRoutes(account),
    ...usageRoutes(account),
    ...catalogueRoutes(account),
    ...userRoutes(account),
    ...moneyRoutes(account),
    ...notPlayedRoutes(),
  ];
}
