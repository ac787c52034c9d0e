/** Connections to provider processes, and the errors that come over them. */
import type * as grpc from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { fromStruct, type PropertyMap } from "./propertyValues";

/** Both ends of every connection take messages of up to 400 MiB, as Pulumi's do, without stopping every 64 KB. */
export const channelOptions: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
  "grpc-node.flow_control_window": 8 * 1024 * 1024,
};

/** A create, update or read that ended part-way: the resource exists, and these are its properties. */
export class InitError extends Error {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: readonly string[];

  constructor(id: string, properties: PropertyMap, reasons: readonly string[]) {
    const count = reasons.length === 1 ? "1 error" : `${reasons.length} errors`;
    const list = reasons.map((reason) => `\t* ${reason}\n`).join("");
    super(reasons.length === 0 ? "resource init failed" : `${count} occurred:\n${list}\n`);
    this.id = id;
    this.properties = properties;
    this.reasons = reasons;
  }
}

/** An error that the provider answered with. */
export class ProviderError extends Error {}

/** How a call answers. */
export type Done<Answer> = (error: grpc.ServiceError | null, answer: Answer) => void;

/** A call that nobody has to wait for. */
export type CancelableCall = Pick<grpc.ClientUnaryCall, "cancel">;

/** Sends one call, which is in `underWay` until it ends; rejects with `InitError` or `ProviderError`. */
export function unary<Answer>(
  send: (done: Done<Answer>) => CancelableCall,
  underWay = new Set<CancelableCall>(),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = send((error, answer) => {
      underWay.delete(call);
      return error === null ? resolve(answer) : reject(translate(error));
    });
    underWay.add(call);
  });
}

/** The status of an init failure travels in the trailing metadata, under the name that gRPC in Go gave it. */
function translate(error: grpc.ServiceError): Error {
  for (const packed of error.metadata?.get("grpc-status-details-bin") ?? []) {
    if (typeof packed === "string") {
      continue;
    }
    for (const detail of Status.deserializeBinary(packed).getDetailsList()) {
      if (detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed") {
        const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
        return new InitError(failed.getId(), fromStruct(failed.getProperties()), failed.getReasonsList());
      }
    }
  }
  return new ProviderError(error.details);
}
