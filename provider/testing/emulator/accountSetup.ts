/** Everything an account can begin with: organizations, keys, plans and packs. */

/** What a key may do: an admin everything, a manager write, an editor read, a viewer nothing. */
export type Role = "admin" | "manager" | "editor" | "viewer";

/** An organization to have in the account. */
export interface OrganizationSetup {
  /** Default: one more than the largest so far. */
  readonly id?: number;
  readonly name?: string;
  /** Prepaid US dollars, decimal text. Default `"1000000.00"`. */
  readonly balance?: string;
  /** Whether it belongs to one user alone. Default false. Tags that name no organization go to a personal one. */
  readonly personal?: boolean;
  /** Days that a SIM may stay in Test Mode (`preflight_timeout_in_days`). Default 365, as in Hologram's example. */
  readonly testModeDays?: number;
}

/** An API key to have in the account. */
export interface KeySetup {
  readonly key: string;
  readonly role: Role;
  /** Organizations the key's user belongs to; the first is where claims land that name none. */
  readonly orgIds: readonly number[];
}

/** Zone name to monthly fee, decimal text in US dollars. */
export type ZonePrices = Readonly<Record<string, string>>;

/** A data plan to have in the account. */
export interface PlanSetup {
  readonly id: number;
  readonly name: string;
  /** Bytes included; 0 (default) is pay as you go. */
  readonly data?: number;
  /** Periods of 30 days; default 1. */
  readonly billingPeriod?: number;
  readonly enabled?: boolean;
  /** Zones and prices of the tier `BASE`, which is what claims are charged at. */
  readonly zones: ZonePrices;
  /** Further tiers, shown and never charged. */
  readonly tiers?: Readonly<Record<string, ZonePrices>>;
  /** Organizations that may use the plan; default all. */
  readonly orgIds?: readonly number[];
}

/** SIM cards to have in the account: so many, at equal distances, unclaimed unless a state is given. */
export interface PackSetup {
  /** ICCID of the first card. */
  readonly first: string;
  readonly count: number;
  /** Distance of neighbouring ICCIDs; 10 where the last digit is a check digit. Default 1. */
  readonly step?: number;
  /** Whose inventory the cards are in. Default: the first organization. */
  readonly orgId?: number;
  /** Whether lists show the cards before they are claimed. Default true. */
  readonly listed?: boolean;
  /** Default `INACTIVE`. Any other state gives every card a device. */
  readonly state?: string;
  /** Id of the first card's link; the next cards count up by one. Default: after all others, from 5000001. */
  readonly linkId?: number;
  /** Id of the first SIM card; the next count up by one. Default: after all others, from 7000001. */
  readonly simCardId?: number;
  /** Id that the device of the first card gets when it is activated. Default: after all others, from 2000001. */
  readonly deviceId?: number;
  /** EID of the first card; the next cards count up by one. */
  readonly eids?: string;
  /** Plan of cards that are not `INACTIVE`; default the first plan. */
  readonly plan?: number;
  /** Zone of cards that are not `INACTIVE`; default the first zone of the plan. */
  readonly zone?: string;
}

/** A further profile of an eSIM: another link of the same device, on its plan, zone and limits. */
export interface ProfileSetup {
  readonly iccid: string;
  /** Default `LIVE`. */
  readonly state?: string;
  /** Default `DISABLED`: the device uses another of its profiles. */
  readonly profileState?: ProfileState;
}

/** What an eUICC has done with a profile. */
export type ProfileState = "DOWNLOADED" | "ENABLED" | "DISABLED";

/** Terms of an activation that no request of the emulator's made. */
export interface HandTerms {
  readonly plan: number;
  readonly zone: string;
  readonly orgId?: number;
  readonly overageLimit?: number;
  readonly threshold?: number;
  readonly smsLimit?: number;
  readonly tagId?: number;
}

/** An account to begin with, in place of the default one. */
export interface AccountSetup {
  readonly organizations?: readonly OrganizationSetup[];
  readonly keys?: readonly KeySetup[];
  readonly plans?: readonly PlanSetup[];
  readonly packs?: readonly PackSetup[];
}
