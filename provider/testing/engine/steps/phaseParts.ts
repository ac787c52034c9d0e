/** The settings of a phase of an operation, and the parts its files share. */
import type * as grpc from "@grpc/grpc-js";
import type { State } from "../engineContract";
import type { PropertyMap } from "../protocol/propertyValues";
import type { Recorder } from "./recorder";
import type { Runner, RunnerParts } from "./runner";
import type { Gate } from "./stepGate";

export interface PhaseSettings {
  readonly kind: "update" | "refresh" | "destroy";
  readonly preview: boolean;
  readonly program: string;
  readonly project: string;
  readonly stack: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Stack configuration by full key, secrets marked. */
  readonly config: PropertyMap;
  readonly base: State;
  /** Absent in a preview. */
  readonly save: ((state: State) => Promise<void>) | undefined;
  readonly recorder: Recorder;
  readonly parallel: number;
  readonly replace: ReadonlySet<string>;
  readonly clearPendingCreates: boolean;
}

/** Shared by all files of a phase. */
export interface PhaseParts extends PhaseSettings, RunnerParts {
  readonly server: grpc.Server;
  /** Listens already, on loopback only. */
  readonly address: string;
  readonly gate: Gate;
  readonly runner: Runner;
}
