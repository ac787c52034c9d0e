import type { Emulator } from "../../provider/testing/emulator";
import { peakOf } from "../bench/memory";
import { Timeline } from "../harness/provider/providerClock";
import { FleetHarness, type Provider } from "../harness/provider/providerHarness";
import { ProviderProcess, ROOT } from "../harness/provider/providerProcess";
import { EngineLog } from "../harness/provider/providerRows";

/** What the provider process of one operation took. */
export interface Cost {
  /** In its methods, from the request to the answer. */
  readonly seconds: number;
  /** Its largest resident memory in bytes, where the machine tells. */
  readonly memory: number | undefined;
}

/** A stack whose every operation has a real provider process, with real time; many may share an account. */
export class ProcessHarness extends FleetHarness {
  private running: Promise<ProviderProcess> | undefined;
  private milliseconds = 0;
  private sdk: NodeJS.ProcessEnv = {};

  /** `sdk`: environment of the processes, for those whose memory nobody measures. */
  static async on(emulator: Emulator, sdk: NodeJS.ProcessEnv = {}): Promise<ProcessHarness> {
    const harness = new ProcessHarness(emulator, await EngineLog.start(), new Timeline());
    harness.sdk = sdk;
    return harness;
  }

  /** What was spent since the last call. */
  async cost(): Promise<Cost> {
    const process = await this.running;
    const cost = { seconds: this.milliseconds / 1_000, memory: process && peakOf(process.pid) };
    this.milliseconds = 0;
    return cost;
  }

  /** The account stays. */
  override async close(): Promise<void> {
    await this.endProcess();
    this.log.close();
  }

  protected override startProcess(): Provider {
    const before = this.endProcess();
    const started = before.then(() =>
      ProviderProcess.start(ROOT, this.log.address, { ...process.env, ...this.sdk, ...this.environment }),
    );
    this.running = started;
    const call = async <T>(work: (process: ProviderProcess) => Promise<T>): Promise<T> => {
      const process = await started;
      const began = performance.now();
      try {
        return await work(process);
      } finally {
        this.milliseconds += performance.now() - began;
      }
    };
    return {
      configure: () => call((process) => process.configure(this.config)),
      check: (olds, news) =>
        call(async (process) => {
          const { inputs, failures } = await process.check(olds, news);
          return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
        }),
      diff: (id, olds, news) =>
        call(async (process) => {
          const { changes, replacesList, deletebeforereplace } = await process.diff(id, olds, news);
          return {
            changes: changes === SOME,
            replaces: replacesList,
            deleteBeforeReplace: deletebeforereplace,
          };
        }),
      create: (inputs) =>
        call(async (process) => {
          const { id, outputs } = await process.create(inputs);
          return { id, outs: outputs };
        }),
      read: (id, props) =>
        call(async (process) => {
          const read = await process.read(id, {}, props);
          return { id: read.id, props: read.outputs };
        }),
      update: (id, olds, news) => call(async (process) => ({ outs: await process.update(id, olds, news) })),
      delete: (id, props) => call((process) => process.delete(id, props)),
    };
  }

  private async endProcess(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await (await running)?.close();
  }
}

/** `DiffResponse.DIFF_SOME` of the protocol. */
const SOME = 2;
