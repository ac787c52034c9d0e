/** The engine's own service: messages of program and providers, and the root resource. */
import type * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Diagnostic } from "../engineContract";

type Call<Request, Answer> = grpc.handleUnaryCall<Request, Answer>;

/** Adds the service to a server. */
export function addEngineService(server: grpc.Server, diagnose: (diagnostic: Diagnostic) => void): void {
  let root = "";
  const log: Call<proto.LogRequest, Empty> = (call, answer) => {
    const severity = severityOf(call.request.getSeverity());
    if (severity !== undefined) {
      const urn = call.request.getUrn();
      diagnose({
        severity,
        message: call.request.getMessage(),
        ...(urn === "" ? {} : { urn }),
        ...(call.request.getEphemeral() ? { ephemeral: true } : {}),
      });
    }
    answer(null, new Empty());
  };
  const getRootResource: Call<proto.GetRootResourceRequest, proto.GetRootResourceResponse> = (
    _call,
    answer,
  ) => answer(null, new proto.GetRootResourceResponse().setUrn(root));
  const setRootResource: Call<proto.SetRootResourceRequest, proto.SetRootResourceResponse> = (
    call,
    answer,
  ) => {
    root = call.request.getUrn();
    answer(null, new proto.SetRootResourceResponse());
  };
  const requirePulumiVersion: Call<proto.RequirePulumiVersionRequest, proto.RequirePulumiVersionResponse> = (
    _call,
    answer,
  ) => answer(null, new proto.RequirePulumiVersionResponse());
  server.addService(EngineService, { log, getRootResource, setRootResource, requirePulumiVersion });
}

/** Debug messages are dropped. */
function severityOf(severity: proto.LogSeverity): Diagnostic["severity"] | undefined {
  switch (severity) {
    case proto.LogSeverity.INFO:
      return "info";
    case proto.LogSeverity.WARNING:
      return "warning";
    case proto.LogSeverity.ERROR:
      return "error";
    default:
      return undefined;
  }
}
