import { z } from "zod";
import { defined } from "../../util/defined";
import type { Question } from "../lookup";
import type { Balance, GetBalanceArgs } from "../types";
import { checkArguments, orgId, type ShapeOf } from "./arguments";
import { Kept, openAccount } from "./openAccount";

const shape = z.object({ orgId } satisfies ShapeOf<GetBalanceArgs>);

/** The balance, or undefined where the key may not see it or there is none. */
export async function readBalance({ args, source, after }: Question): Promise<Balance | undefined> {
  const { client, orgId, id } = await openAccount(source, checkArguments(shape, args).orgId);
  return kept.once(source, [id, after], async () => {
    const found = await client.balance(orgId);
    if (found === undefined) return undefined;
    const { balance, promoBalance, minBalance } = found;
    return defined({
      orgId,
      balance: Number(balance),
      balanceText: balance,
      promoBalance: numberOf(promoBalance),
      promoBalanceText: promoBalance,
      minBalance: numberOf(minBalance),
      minBalanceText: minBalance,
    });
  });
}

const kept = new Kept<Balance | undefined>();

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
