/** An emulated account in a process of its own: it must not share a processor's turn with what is measured. */
import { subscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { type SeenRequest, startEmulator } from "../../provider/testing/emulator";
import { FIRST, KEY, ORG, PLAN, STEP } from "./pack";

/** What an account process is told at its start. */
export interface AccountOptions {
  /** Cards of the pack. */
  readonly cards: number;
  /** Milliseconds that every answer is held back. */
  readonly delay: number;
  /** Cards that only a preview names: unclaimed ones are not listed. Default false. */
  readonly unlisted?: boolean;
}

/** What an account saw since it was last asked. */
export interface Traffic {
  readonly requests: readonly Sent[];
  /** Bytes that came in over its sockets, and that went out. */
  readonly received: number;
  readonly answered: number;
}

/** One request, as it can be sent once more. */
export type Sent = Pick<SeenRequest, "method" | "path" | "query" | "body">;

async function main(options: AccountOptions): Promise<void> {
  const sockets = new Set<Socket>();
  const gone = { received: 0, answered: 0 };
  subscribe("net.server.socket", (message) => {
    const socket = typeof message === "object" && message !== null && "socket" in message && message.socket;
    if (!(socket instanceof Socket)) return;
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      gone.received += socket.bytesRead;
      gone.answered += socket.bytesWritten;
    });
  });

  const emulator = await startEmulator({
    account: {
      organizations: [{ id: ORG, name: "Fleet Operations", balance: "100000000.00" }],
      keys: [{ key: KEY, role: "admin", orgIds: [ORG] }],
      plans: [{ id: PLAN, name: "Global Flat", zones: { global: "0.600000" } }],
    },
    behaviour: { settleReads: 0 },
  });
  emulator.addPack({
    first: `${FIRST}`,
    count: options.cards,
    step: STEP,
    listed: options.unlisted !== true,
  });
  if (options.delay > 0) emulator.faults.add({ fault: { kind: "delay", milliseconds: options.delay } });

  const told = { received: 0, answered: 0 };
  process.on("message", () => {
    const total = { ...gone };
    for (const socket of sockets) {
      total.received += socket.bytesRead;
      total.answered += socket.bytesWritten;
    }
    const requests = emulator.requests.map(({ method, path, query, body }) => ({
      method,
      path,
      query,
      body,
    }));
    emulator.clearRequests();
    const traffic: Traffic = {
      requests,
      received: total.received - told.received,
      answered: total.answered - told.answered,
    };
    Object.assign(told, total);
    process.send?.(traffic);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.(emulator.url);
}

void main(JSON.parse(process.argv[2] ?? ""));
