/** One dynamic-provider process and the calls of its protocol, with what the engine does around each of them. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { ProviderMethod, ResourceState } from "../engineContract";
import {
  fromStruct,
  markSecretsLike,
  openSecrets,
  type PropertyMap,
  toStruct,
} from "../protocol/propertyValues";
import {
  type CancelableCall,
  channelOptions,
  type Done,
  InitError,
  ProviderError,
  unary,
} from "../protocol/rpc";
import { type NodeProcess, startSdkModule } from "./processes";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface DiffAnswer {
  /** `unknown` leaves the comparison to the engine. */
  readonly changes: "none" | "some" | "unknown";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** Which resource a call is about. */
export interface Subject {
  readonly urn: string;
  readonly id?: string | undefined;
}

export interface ProviderSettings {
  /** Folder of the program: the working directory of the process. */
  readonly folder: string;
  readonly project: string;
  /** Address of the engine service, the last argument of the process. */
  readonly engineAddress: string;
  readonly env: Readonly<Record<string, string>>;
  /** Lines the process prints, its port apart. */
  readonly print: (line: string) => void;
  /** Told of every call before it is sent. */
  readonly called: (method: ProviderMethod, urn: string) => void;
}

export class ProviderProcess {
  readonly #settings: ProviderSettings;
  readonly #process: NodeProcess;
  readonly #client: Promise<ResourceProviderClient>;
  readonly #calls = new Set<CancelableCall>();
  #configured: Promise<unknown> | undefined;

  /** Starts the process. A process that cannot start is an error of the first call. */
  constructor(settings: ProviderSettings) {
    this.#settings = settings;
    let portSeen: (port: string) => void = () => undefined;
    const port = new Promise<string>((resolve) => {
      portSeen = resolve;
    });
    let first = true;
    this.#process = startSdkModule("cmd/dynamic-provider", {
      folder: settings.folder,
      args: [settings.engineAddress],
      env: {
        PULUMI_NODEJS_PROJECT: settings.project,
        PULUMI_PROJECT: settings.project,
        PULUMI_CONFIG: "{}",
        // A longer header than this breaks the connection of a Node client (nghttp2, NGHTTP2_HD_MAX_NV).
        PULUMI_HOLOGRAM_MOST_REPORT_BYTES: "40000",
        ...settings.env,
      },
      line: (line, stream) => {
        if (first && stream === "stdout") {
          first = false;
          portSeen(line);
        } else {
          settings.print(line);
        }
      },
    });
    const ended = this.#process.exited.then((code) => {
      throw new ProviderError(`the provider process ended with exit code ${code} before it was ready`);
    });
    this.#client = Promise.race([port, ended]).then(
      (number) =>
        new ResourceProviderClient(`127.0.0.1:${number}`, grpc.credentials.createInsecure(), channelOptions),
    );
    this.#client.catch(() => undefined);
    ended.catch(() => undefined);
  }

  /** Hands over the provider's own configuration; to be called before the first other call. */
  configure(args: PropertyMap): void {
    const request = new proto.ConfigureRequest()
      .setArgs(toStruct(args))
      .setAcceptsecrets(true)
      .setAcceptresources(true);
    const configured = this.#client.then((client) =>
      unary<proto.ConfigureResponse>((done) => client.configure(request, done)),
    );
    configured.catch(() => undefined);
    this.#configured = configured;
  }

  async check(
    { urn }: Subject,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
    const request = new proto.CheckRequest()
      .setUrn(urn)
      .setOlds(toStruct(openSecrets(olds)))
      .setNews(toStruct(openSecrets(news)));
    const answer = await this.#call<proto.CheckResponse>("check", urn, (client, done) =>
      client.check(request, done),
    );
    return {
      inputs: markSecretsLike(fromStruct(answer.getInputs()), news),
      failures: answer
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  async diff(
    { urn, id = "", inputs, outputs }: Subject & Pick<ResourceState, "inputs" | "outputs">,
    news: PropertyMap,
    ignoreChanges: readonly string[],
  ): Promise<DiffAnswer> {
    const request = new proto.DiffRequest()
      .setUrn(urn)
      .setId(id)
      .setOldInputs(toStruct(openSecrets(inputs)))
      .setOlds(toStruct(openSecrets(outputs)))
      .setNews(toStruct(openSecrets(news)))
      .setIgnorechangesList([...ignoreChanges]);
    const answer = await this.#call<proto.DiffResponse>("diff", urn, (client, done) =>
      client.diff(request, done),
    );
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    const changes = answer.getChanges();
    return {
      changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  /** Throws `InitError` for a resource that exists but is not complete. */
  async create({ urn }: Subject, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }> {
    const request = new proto.CreateRequest().setUrn(urn).setProperties(toStruct(openSecrets(inputs)));
    const answer = await withSecrets(inputs, () =>
      this.#call<proto.CreateResponse>("create", urn, (client, done) => client.create(request, done)),
    );
    if (answer.getId() === "") {
      throw new ProviderError(`plugin returned empty resource.ID from create '${urn}'`);
    }
    return { id: answer.getId(), outputs: markSecretsLike(fromStruct(answer.getProperties()), inputs) };
  }

  /** Throws `InitError` for an update that ended part-way. */
  async update(
    { urn, id = "" }: Subject,
    oldInputs: PropertyMap,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<PropertyMap> {
    const request = new proto.UpdateRequest()
      .setUrn(urn)
      .setId(id)
      .setOldInputs(toStruct(openSecrets(oldInputs)))
      .setOlds(toStruct(openSecrets(olds)))
      .setNews(toStruct(openSecrets(news)));
    const answer = await withSecrets(news, () =>
      this.#call<proto.UpdateResponse>("update", urn, (client, done) => client.update(request, done)),
    );
    return markSecretsLike(fromStruct(answer.getProperties()), news);
  }

  async delete({ urn, id = "" }: Subject, inputs: PropertyMap, outputs: PropertyMap): Promise<void> {
    const request = new proto.DeleteRequest()
      .setUrn(urn)
      .setId(id)
      .setOldInputs(toStruct(openSecrets(inputs)))
      .setProperties(toStruct(openSecrets(outputs)));
    await this.#call("delete", urn, (client, done) => client.delete(request, done));
  }

  /** An answer without id means that the resource is gone; without inputs, that the stored ones stay. */
  async read(
    { urn, id = "" }: Subject,
    inputs: PropertyMap | undefined,
    outputs: PropertyMap | undefined,
  ): Promise<{ id: string; outputs: PropertyMap; inputs?: PropertyMap }> {
    const request = new proto.ReadRequest().setUrn(urn).setId(id);
    request.setInputs(inputs && toStruct(openSecrets(inputs)));
    request.setProperties(outputs && toStruct(openSecrets(outputs)));
    const answer = await withSecrets(outputs ?? {}, () =>
      this.#call<proto.ReadResponse>("read", urn, (client, done) => client.read(request, done)),
    );
    return {
      id: answer.getId(),
      outputs: markSecretsLike(fromStruct(answer.getProperties()), outputs ?? {}),
      ...(answer.hasInputs()
        ? { inputs: markSecretsLike(fromStruct(answer.getInputs()), inputs ?? {}) }
        : {}),
    };
  }

  /** Ends the process; the engine has nothing more for it to do. */
  async close(): Promise<void> {
    await this.#process.stop();
    await this.#client.then((client) => client.close()).catch(() => undefined);
  }

  /** Kills the process at once; what it was doing is lost. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** Waits for no answer any more. The process goes on with what it is doing. */
  abandon(): void {
    for (const call of this.#calls) {
      call.cancel();
    }
  }

  async #call<Answer>(
    method: ProviderMethod,
    urn: string,
    send: (client: ResourceProviderClient, done: Done<Answer>) => CancelableCall,
  ): Promise<Answer> {
    const client = await this.#client;
    await this.#configured;
    this.#settings.called(method, urn);
    return unary((done) => send(client, done), this.#calls);
  }
}

async function withSecrets<Answer>(pattern: PropertyMap, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof InitError
      ? new InitError(error.id, markSecretsLike(error.properties, pattern), error.reasons)
      : error;
  }
}
