/** The policy host of the Pulumi SDK with a pack in it, without an engine. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SIM_ACTIVATION_TYPE } from "../../provider/resources/providerText";

/** A fleet as the engine describes it to a pack. */
interface Analyzed {
  readonly name: string;
  readonly props: Parameters<typeof Struct.fromJavaScript>[0];
}

/** One violation, or the word that a rule could not run. */
interface Said {
  readonly policy: string;
  readonly mandatory: boolean;
  readonly message: string;
}

export interface PolicyHost {
  info(): Promise<proto.AnalyzerInfo.AsObject>;
  /** Settings by the name of the rule, and whether it is mandatory. */
  configure(rules: Readonly<Record<string, Parameters<typeof Struct.fromJavaScript>[0]>>): Promise<void>;
  analyze(fleet: Analyzed): Promise<Said[]>;
  analyzeStack(fleets: readonly Analyzed[]): Promise<Said[]>;
}

/** Starts the host as the engine does: with the SDK that the pack finds, in the folder of the pack. */
export async function withPolicyHost(pack: string, work: (host: PolicyHost) => Promise<void>): Promise<void> {
  const main = createRequire(join(pack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [main, "127.0.0.1:1", pack], { cwd: pack, stdio: "pipe" });
  const exited = once(child, "exit");
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const ended = exited.then(([code]) => assert.fail(`the host ended with ${code}: ${errors.join("")}`));
  ended.catch(() => undefined);
  try {
    const [port] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await work(hostOf(client));
    client.close();
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
}

function hostOf(client: AnalyzerClient): PolicyHost {
  return {
    info: async () => {
      const info = await answer<proto.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
      return info.toObject();
    },
    configure: async (rules) => {
      const request = new proto.ConfigureAnalyzerRequest();
      for (const [rule, settings] of Object.entries(rules)) {
        const config = new proto.PolicyConfig()
          .setEnforcementlevel(proto.EnforcementLevel.MANDATORY)
          .setProperties(Struct.fromJavaScript(settings));
        request.getPolicyconfigMap().set(rule, config);
      }
      await answer<Empty>((done) => client.configure(request, done));
    },
    analyze: async ({ name, props }) => {
      const request = new proto.AnalyzeRequest()
        .setType(SIM_ACTIVATION_TYPE)
        .setName(name)
        .setUrn(urnOf(name))
        .setProperties(Struct.fromJavaScript(props))
        .setOptions(new proto.AnalyzerResourceOptions());
      return said(await answer<proto.AnalyzeResponse>((done) => client.analyze(request, done)));
    },
    analyzeStack: async (fleets) => {
      const resources = fleets.map(({ name, props }) =>
        new proto.AnalyzerResource()
          .setType(SIM_ACTIVATION_TYPE)
          .setName(name)
          .setUrn(urnOf(name))
          .setProperties(Struct.fromJavaScript(props))
          .setOptions(new proto.AnalyzerResourceOptions()),
      );
      const request = new proto.AnalyzeStackRequest().setResourcesList(resources);
      return said(await answer<proto.AnalyzeResponse>((done) => client.analyzeStack(request, done)));
    },
  };
}

const urnOf = (name: string): string => `urn:pulumi:dev::fleets::${SIM_ACTIVATION_TYPE}::${name}`;

function said(response: proto.AnalyzeResponse): Said[] {
  return response.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    mandatory: each.getEnforcementlevel() === proto.EnforcementLevel.MANDATORY,
    message: each.getMessage(),
  }));
}

function answer<Answer>(
  send: (done: (error: grpc.ServiceError | null, answer: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send((error, got) => (error === null ? resolve(got) : reject(error)));
  });
}
