/** A script as people write it: claims its cards, 2,500 in a request, and prints what it got, for the state. */
import { request } from "undici";
import { cards, KEY, ORG, PLAN } from "../pack";

const PER_CLAIM = 2_500;

interface Envelope {
  readonly success: boolean;
  readonly data: readonly { readonly sim: string; readonly device: number; readonly link: number }[];
}

async function main(from: number, to: number): Promise<void> {
  const url = `${process.env.HOLOGRAM_BASE_URL}/links/cellular/bulkclaim`;
  const headers = {
    authorization: `Basic ${Buffer.from(`apikey:${KEY}`).toString("base64")}`,
    "content-type": "application/json",
  };
  const claimed: Envelope["data"][number][] = [];
  for (let start = from; start < to; start += PER_CLAIM) {
    const sims = cards(start, Math.min(to, start + PER_CLAIM));
    const body = JSON.stringify({ sims, plan: PLAN, zone: "global", orgid: ORG });
    const answer = await request(url, { method: "POST", headers, body });
    const { success, data }: Envelope = JSON.parse(await answer.body.text());
    if (!success) throw new Error(`the claim of ${sims[0]} to ${sims.at(-1)} failed`);
    claimed.push(...data);
  }
  const [iccids, deviceIds, linkIds] = [
    claimed.map(({ sim }) => sim),
    claimed.map(({ device }) => device),
    claimed.map(({ link }) => link),
  ];
  process.stdout.write(JSON.stringify({ iccids, deviceIds, linkIds }));
}

void main(Number(process.argv[2]), Number(process.argv[3]));
