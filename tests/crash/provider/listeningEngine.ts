import * as grpc from "@grpc/grpc-js";
import { addEngineService } from "../../../provider/testing/engine/protocol/engineService";

/** An engine's log for a whole campaign: the lines of one command at a time. */
export class ListeningEngine {
  private lines: string[] = [];

  private constructor(
    private readonly server: grpc.Server,
    readonly address: string,
  ) {}

  /** Its address becomes the last argument of this process, where providers look for it. */
  static async start(): Promise<ListeningEngine> {
    const server = new grpc.Server();
    let engine: ListeningEngine | undefined;
    addEngineService(server, ({ message }) => void engine?.lines.push(message));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    engine = new ListeningEngine(server, `127.0.0.1:${port}`);
    process.argv.push(engine.address);
    return engine;
  }

  /** What has been said since the last time. */
  take(): string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  stop(): void {
    const place = process.argv.lastIndexOf(this.address);
    if (place >= 0) process.argv.splice(place, 1);
    this.server.forceShutdown();
  }
}
