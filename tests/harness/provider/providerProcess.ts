import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { urnOf } from "./providerHarness";
import type { Values } from "./providerReport";

/** The root of the checkout: a folder from which the package finds itself. */
export const ROOT = join(__dirname, "..", "..", "..", "..");

/** An operation that ended part-way, as it arrives at the engine. */
export interface Partly {
  readonly id: string;
  readonly properties: Values;
  readonly reasons: readonly string[];
  /** Bytes of the header it travelled in. */
  readonly bytes: number;
}

/** The real dynamic-provider process of the Pulumi SDK, driven over gRPC. */
export class ProviderProcess {
  /** All it wrote to standard output, its port apart, and to standard error. */
  stdout = "";
  stderr = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  /** `folder` is the program's: the package is looked for from there. */
  static async start(
    folder: string,
    engineAddress: string,
    environment: Readonly<Record<string, string | undefined>>,
  ): Promise<ProviderProcess> {
    const path = createRequire(join(ROOT, "package.json")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const env = { PATH: process.env.PATH, PULUMI_NODEJS_PROJECT: "harness", ...environment };
    const child = spawn(process.execPath, [path, engineAddress], { cwd: folder, env, stdio: "pipe" });
    const ended = once(child, "exit").then(() =>
      assert.fail("the provider process ended before it was ready"),
    );
    ended.catch(() => undefined);
    let head = "";
    while (!head.includes("\n")) {
      const [chunk]: unknown[] = await Promise.race([once(child.stdout, "data"), ended]);
      head += String(chunk);
    }
    const [port = "", ...rest] = head.split("\n");
    const client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      channelOptions,
    );
    const provider = new ProviderProcess(child, client);
    provider.stdout = rest.join("\n");
    child.stdout.on("data", (chunk) => (provider.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (provider.stderr += String(chunk)));
    return provider;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async close(): Promise<void> {
    this.client.close();
    const ended = once(this.child, "close");
    this.child.kill("SIGKILL");
    await ended;
  }

  async configure(args: Values): Promise<void> {
    const request = new proto.ConfigureRequest().setArgs(struct(args)).setAcceptsecrets(true);
    await unary<proto.ConfigureResponse>((done) => this.client.configure(request, done));
  }

  async check(olds: Values, news: Values): Promise<{ inputs: Values; failures: string[] }> {
    const request = new proto.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
    const answer = await unary<proto.CheckResponse>((done) => this.client.check(request, done));
    const failures = answer.getFailuresList().map((each) => {
      assert.equal(each.getProperty(), "");
      return each.getReason();
    });
    return { inputs: values(answer.getInputs()), failures };
  }

  async diff(id: string, olds: Values, news: Values): Promise<proto.DiffResponse.AsObject> {
    const request = new proto.DiffRequest().setUrn(urn).setId(id).setOlds(struct(olds)).setNews(struct(news));
    return (await unary<proto.DiffResponse>((done) => this.client.diff(request, done))).toObject();
  }

  async create(inputs: Values): Promise<{ id: string; outputs: Values }> {
    const request = new proto.CreateRequest().setUrn(urn).setProperties(struct(inputs));
    const answer = await unary<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: answer.getId(), outputs: values(answer.getProperties()) };
  }

  async update(id: string, olds: Values, news: Values): Promise<Values> {
    const request = new proto.UpdateRequest()
      .setUrn(urn)
      .setId(id)
      .setOlds(struct(olds))
      .setNews(struct(news));
    const answer = await unary<proto.UpdateResponse>((done) => this.client.update(request, done));
    return values(answer.getProperties());
  }

  async read(id: string, inputs: Values, outputs?: Values): Promise<{ id: string; outputs: Values }> {
    const request = new proto.ReadRequest().setUrn(urn).setId(id).setInputs(struct(inputs));
    if (outputs !== undefined) request.setProperties(struct(outputs));
    const answer = await unary<proto.ReadResponse>((done) => this.client.read(request, done));
    return { id: answer.getId(), outputs: values(answer.getProperties()) };
  }

  async delete(id: string, outputs: Values): Promise<void> {
    const request = new proto.DeleteRequest().setUrn(urn).setId(id).setProperties(struct(outputs));
    await unary((done) => this.client.delete(request, done));
  }
}

/** What an operation that ended part-way left behind; fails for any other error. */
export function partlyOf(error: unknown): Partly {
  assert(error instanceof Error && "metadata" in error && error.metadata instanceof grpc.Metadata);
  const [packed] = error.metadata.get("grpc-status-details-bin");
  assert(Buffer.isBuffer(packed), "no details came along");
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const reasons = failed.getReasonsList();
  return { id: failed.getId(), properties: values(failed.getProperties()), reasons, bytes: packed.length };
}

const urn = urnOf("fleet");

function struct(object: Values): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(object)));
}

function values(answer: Struct | undefined): Values {
  return { ...answer?.toJavaScript() };
}

/** The engine's own limit (sdk/go/common/util/rpcutil/serve.go); gRPC's default is a hundredth of it. */
const LARGEST_MESSAGE = 400 * 2 ** 20;
const channelOptions = {
  "grpc.max_receive_message_length": LARGEST_MESSAGE,
  "grpc.max_send_message_length": LARGEST_MESSAGE,
};

type Done<Answer> = (error: grpc.ServiceError | null, answer: Answer) => void;

function unary<Answer>(send: (done: Done<Answer>) => void): Promise<Answer> {
  return new Promise((resolve, reject) =>
    send((error, answer) => (error === null ? resolve(answer) : reject(error))),
  );
}
