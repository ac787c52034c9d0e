import * as grpc from "@grpc/grpc-js";
import { addEngineService } from "../../../provider/testing/engine/protocol/engineService";
import type { RowLog } from "../../harness/provider/providerHarness";

/**
 * An engine that is there and keeps nothing of what it is told: one for a whole campaign, whose lines would fill the
 * memory.
 */
export class DeafEngine implements RowLog {
  readonly lines = [];

  private constructor(
    private readonly server: grpc.Server,
    readonly address: string,
  ) {}

  static async start(): Promise<DeafEngine> {
    const server = new grpc.Server();
    addEngineService(server, () => undefined);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return new DeafEngine(server, `127.0.0.1:${port}`);
  }

  /** A harness lets go of it; the next one uses it again. */
  close(): void {}

  stop(): void {
    this.server.forceShutdown();
  }
}
