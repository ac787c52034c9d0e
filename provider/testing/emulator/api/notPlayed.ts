/** Documented endpoints that this emulator leaves out: they are no part of activating, changing and reading SIMs. */
import { Refusal } from "../account/refusal";
import type { Route } from "./http";
import { NOT_PLAYED } from "./requestForm";

const ENDPOINTS: readonly (readonly [Route["method"], string])[] = [
  ["GET", "/alerts"],
  ["GET", "/alerts/:kind"],
  ["PUT", "/alerts/:id/acknowledge"],
  ["PUT", "/alerts/:id/unacknowledge"],
  ["PUT", "/alerts/acknowledge"],
  ["PUT", "/alerts/acknowledgeall"],
  ["GET", "/csr/data"],
  ["GET", "/csr/rdm"],
  ["POST", "/csr/rdm"],
  ["POST", "/sms/incoming"],
  ["POST", "/devices/messages"],
  ["POST", "/devices/messages/:deviceid/:webhookguid"],
  ["POST", "/devices/search"],
  ["GET", "/devices/pages"],
  ["POST", "/simcards/configure"],
  ["POST", "/batchorder"],
  ["GET", "/tunnelkeys"],
  ["POST", "/tunnelkeys"],
  ["POST", "/tunnelkeys/:id/enable"],
  ["POST", "/tunnelkeys/:id/disable"],
];

/** They need a key that may read, and answer 501 whatever they are sent. */
export function notPlayedRoutes(): Route[] {
  return ENDPOINTS.map(([method, path]) => ({
    method,
    path,
    need: "read",
    query: [],
    body: [],
    isOpen: true,
    handle: (call) => {
      throw new Refusal(501, `${call.method} ${call.path} is ${NOT_PLAYED}`);
    },
  }));
}
