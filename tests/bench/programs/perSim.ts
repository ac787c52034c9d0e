/** What people write themselves: one dynamic resource per SIM, in the official style. */
import * as pulumi from "@pulumi/pulumi";
import { cards, ORG, PLAN } from "../pack";

interface SimInputs {
  readonly iccid: string;
  readonly plan: number;
  readonly orgId: number;
}

const provider: pulumi.dynamic.ResourceProvider<SimInputs> = {
  async create({ iccid, plan, orgId }: SimInputs) {
    const token = Buffer.from(`apikey:${process.env.HOLOGRAM_API_KEY}`).toString("base64");
    const answer = await fetch(`${process.env.HOLOGRAM_BASE_URL}/links/cellular/bulkclaim`, {
      method: "POST",
      headers: { authorization: `Basic ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ sims: [iccid], plan, zone: "global", orgid: orgId }),
    });
    const { data }: { data: { device: number; link: number }[] } = JSON.parse(await answer.text());
    const [sim] = data;
    return { id: iccid, outs: { iccid, plan, orgId, deviceId: sim?.device, linkId: sim?.link } };
  },
  async read(id: string, props: SimInputs) {
    const token = Buffer.from(`apikey:${process.env.HOLOGRAM_API_KEY}`).toString("base64");
    const query = new URLSearchParams({ orgid: String(props.orgId), sims: id });
    const answer = await fetch(`${process.env.HOLOGRAM_BASE_URL}/links/cellular?${query}`, {
      headers: { authorization: `Basic ${token}` },
    });
    await answer.json();
    return { id, props };
  },
};

class Sim extends pulumi.dynamic.Resource {
  constructor(iccid: string) {
    super(provider, iccid, { iccid, plan: PLAN, orgId: ORG, deviceId: undefined, linkId: undefined });
  }
}

for (const iccid of cards(0, Number(process.env.BENCH_SIMS))) new Sim(iccid);
