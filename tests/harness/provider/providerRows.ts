import * as grpc from "@grpc/grpc-js";
import type { Diagnostic } from "../../../provider/testing/engine/engineContract";
import { addEngineService } from "../../../provider/testing/engine/protocol/engineService";

/** The engine's log, as a provider process reaches it: a server on loopback that keeps every line it is told. */
export class EngineLog {
  private constructor(
    private readonly server: grpc.Server,
    /** What the engine gives the provider process as its last argument. */
    readonly address: string,
    readonly lines: readonly Diagnostic[],
  ) {}

  static async start(): Promise<EngineLog> {
    const server = new grpc.Server();
    const lines: Diagnostic[] = [];
    addEngineService(server, (line) => void lines.push(line));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return new EngineLog(server, `127.0.0.1:${port}`, lines);
  }

  close(): void {
    this.server.forceShutdown();
  }
}
