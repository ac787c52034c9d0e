/** The resource monitor: where the SDK in the program's process registers resources. */
import * as grpc from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Goal, plainGoal, readGoal } from "../decide/goal";
import type { ResourceState } from "../engineContract";
import { fromStruct, type PropertyMap, toStruct } from "./propertyValues";

/** Where the monitor passes its requests on. A rejected promise ends the program quietly. */
export interface Registrations {
  register(goal: Goal): Promise<ResourceState>;
  read(goal: Goal, id: string): Promise<ResourceState>;
  outputs(urn: string, outputs: PropertyMap): Promise<void>;
  /** The program has registered everything; resolves when the operation is over. */
  complete(): Promise<void>;
}

type Call<Request, Answer> = grpc.handleUnaryCall<Request, Answer>;

const features = proto.ResourceMonitorFeature;

/** Adds the service to a server. */
export function addMonitorService(server: grpc.Server, preview: boolean, registrations: Registrations): void {
  const getDeploymentInfo: Call<Empty, proto.DeploymentInfo> = (_call, answer) =>
    answer(
      null,
      new proto.DeploymentInfo()
        .setDryrun(preview)
        .setSupportedfeaturesList([
          features.RESOURCE_MONITOR_FEATURE_SECRETS,
          features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
          features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
        ]),
    );
  const supportsFeature: Call<proto.SupportsFeatureRequest, proto.SupportsFeatureResponse> = (call, answer) =>
    answer(
      null,
      new proto.SupportsFeatureResponse().setHassupport(
        ["secrets", "aliasSpecs", "deletedWith"].includes(call.request.getId()),
      ),
    );
  const registerResource: Call<proto.RegisterResourceRequest, proto.RegisterResourceResponse> = (
    call,
    answer,
  ) => {
    if (call.request.getRemote()) {
      answer({ code: grpc.status.UNIMPLEMENTED, details: "the embedded engine runs no remote components" });
      return;
    }
    settle(registrations.register(readGoal(call.request)), answer, (state) =>
      new proto.RegisterResourceResponse()
        .setUrn(state.urn)
        .setId(state.id ?? "")
        .setObject(toStruct(state.custom ? state.outputs : {})),
    );
  };
  const readResource: Call<proto.ReadResourceRequest, proto.ReadResourceResponse> = (call, answer) => {
    const { request } = call;
    const goal: Goal = {
      ...plainGoal(request.getType(), request.getName(), fromStruct(request.getProperties())),
      parent: request.getParent(),
      provider: request.getProvider(),
      dependencies: request.getDependenciesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    };
    settle(registrations.read(goal, request.getId()), answer, (state) =>
      new proto.ReadResourceResponse().setUrn(state.urn).setProperties(toStruct(state.outputs)),
    );
  };
  const registerResourceOutputs: Call<proto.RegisterResourceOutputsRequest, Empty> = (call, answer) =>
    settle(
      registrations.outputs(call.request.getUrn(), fromStruct(call.request.getOutputs())),
      answer,
      () => new Empty(),
    );
  const signalAndWaitForShutdown: Call<Empty, Empty> = (_call, answer) =>
    settle(registrations.complete(), answer, () => new Empty());
  server.addService(ResourceMonitorService, {
    getDeploymentInfo,
    supportsFeature,
    registerResource,
    readResource,
    registerResourceOutputs,
    signalAndWaitForShutdown,
  });
}

function settle<Result, Answer>(
  work: Promise<Result>,
  answer: grpc.sendUnaryData<Answer>,
  convert: (result: Result) => Answer,
): void {
  work.then(
    (result) => answer(null, convert(result)),
    // The SDK takes this code as "the engine is shutting down" and ends without a message of its own.
    () => answer({ code: grpc.status.UNAVAILABLE, details: "resource monitor shut down" }),
  );
}
