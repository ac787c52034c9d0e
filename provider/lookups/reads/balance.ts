import type { Balance, GetBalanceArgs } from "../balance";
import type { Question } from "../lookup";
import { Kept, openAccount } from "./account";
import { refuseOthers } from "./arguments";

/** The balance, or undefined where the key may not see it or there is none. */
export async function readBalance({
  args,
  source,
  after,
}: Question<GetBalanceArgs>): Promise<Balance | undefined> {
  refuseOthers(args, ["orgId"]);
  const { client, orgId, id } = await openAccount(source, args.orgId);
  return kept.once(source, [id, after], async () => {
    const found = await client.balance(orgId);
    if (found === undefined) return undefined;
    const { balance, promoBalance, minBalance } = found;
    return {
      orgId,
      balance: Number(balance),
      balanceText: balance,
      ...(promoBalance === undefined
        ? {}
        : { promoBalance: Number(promoBalance), promoBalanceText: promoBalance }),
      ...(minBalance === undefined ? {} : { minBalance: Number(minBalance), minBalanceText: minBalance }),
    };
  });
}

const kept = new Kept<Balance | undefined>();
