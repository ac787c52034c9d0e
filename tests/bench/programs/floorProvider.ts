/** A provider without logic and without dependencies: it returns arrays as large as the package's. */
import type { dynamic } from "@pulumi/pulumi";
import { cards } from "../pack";

type Props = Readonly<Record<string, unknown>>;

export function handler(): dynamic.ResourceProvider {
  return {
    check: async (_olds: Props, inputs: Props) => ({ inputs }),
    diff: async (_id, olds: Props, news: Props) => ({ changes: olds.simRange !== news.simRange }),
    create: async (inputs: Props) => ({ id: String(inputs.simRange), outs: outsOf(inputs) }),
    update: async (_id, _olds: Props, news: Props) => ({ outs: outsOf(news) }),
    read: async (id, props: Props = {}) => ({ id, props }),
    delete: async () => undefined,
  };
}

function outsOf(inputs: Props): object {
  const iccids = cards(Number(inputs.from), Number(inputs.to));
  const ids = (first: number): number[] => iccids.map((_, i) => first + i);
  return {
    ...inputs,
    iccids,
    deviceIds: ids(1_000_000),
    linkIds: ids(3_000_000),
    simCount: iccids.length,
  };
}
