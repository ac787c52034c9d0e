/**
 * The interface of an engine for tests. It has two implementations, so one scenario can run on both: the embedded engine
 * in this folder, and the driver of the real Pulumi CLI in this repository's own tests.
 */
import type { PropertyMap } from "./protocol/propertyValues";

/** An engine that can hold stacks. */
export interface Engine {
  /** The engine of this package, or the Pulumi CLI. */
  readonly kind: "embedded" | "pulumi";
  /** Version of what runs the steps: the Pulumi SDK's for the embedded engine, the CLI's for the real one. */
  readonly version: string;
  /** Opens a stack, new or left behind in `directory` by an earlier handle. */
  stack(options: StackOptions): Promise<StackHandle>;
}

/** A configuration value: plain text, or a secret that never reaches a file in clear text. */
export type ConfigValue = string | { readonly value: string; readonly secret: true };

/** A stack to open: its program, configuration, environment, and the folder of its state. */
export interface StackOptions {
  /** Path of the program's main file, JavaScript or TypeScript. Its folder is the working directory of both processes. */
  readonly program: string;
  /** Name of the project; default `test`. */
  readonly project?: string;
  /** Name of the stack; default `dev`. */
  readonly stack?: string;
  /** Stack configuration by full key, e.g. `hologram:orgId`. */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Added to the environment of the program and of the provider processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** An existing folder that takes the state; nothing is written elsewhere. */
  readonly directory: string;
  /** Receives every line a user would see, as it happens. */
  readonly log?: (line: string) => void;
}

/** Settings of one operation. */
export interface OperationOptions {
  /** False leaves out the preview phase that `up`, `refresh` and `destroy` start with; default true. */
  readonly preview?: boolean;
  /** URNs to replace whatever their provider says (`pulumi up --replace`). */
  readonly replace?: readonly string[];
  /** Drop pending creates (`pulumi refresh --clear-pending-creates`); for `refresh` only. */
  readonly clearPendingCreates?: boolean;
  /** How many creates, updates and deletes run at once; default four for each core, as in Pulumi. */
  readonly parallel?: number;
  /** Further arguments of the real CLI; the embedded engine refuses them. */
  readonly args?: readonly string[];
}

/** One stack of one engine. One operation at a time. */
export interface StackHandle {
  /** Shows what an `up` would do. Changes nothing. */
  preview(options?: OperationOptions): Promise<RunResult>;
  /** Previews, then applies. */
  up(options?: OperationOptions): Promise<RunResult>;
  /** Reads every resource and records what it finds. */
  refresh(options?: OperationOptions): Promise<RunResult>;
  /** Deletes every resource. */
  destroy(options?: OperationOptions): Promise<RunResult>;
  /** The state, secrets opened and marked (`secretValue` in this package opens them). */
  export(): Promise<State>;
  /** The state as it lies in the file: secrets are encrypted in it. Empty before the first operation. */
  exportText(): Promise<string>;
  /** Replaces the whole configuration. */
  setConfig(config: Readonly<Record<string, ConfigValue>>): Promise<void>;
  /** Replaces the environment given in the options. */
  setEnv(env: Readonly<Record<string, string>>): void;
  /**
   * Kills processes of the running operation as `kill -9` would; by default all of them. Where the engine is among
   * them nothing more is written, so a pending operation and the lock stay, and the running call answers at once with
   * `ok: false`. Resolves with false when there was nothing to kill.
   */
  kill(victim?: Victim): Promise<boolean>;
  /**
   * With an operation running: Ctrl-C. The first lets running steps end and starts no new ones; the second waits for
   * nothing and leaves a pending operation, but no lock. Otherwise `pulumi cancel`: removes the lock that a killed
   * operation left.
   */
  cancel(): Promise<void>;
  /** Ends what still runs, also what outlived its engine. The state stays in its folder. */
  close(): Promise<void>;
}

/** The processes that die. `engine` leaves its provider processes running; `provider` makes the steps of the engine fail. */
export type Victim = "all" | "engine" | "provider";

/** An action of the engine on a resource. */
export type StepOp =
  | "same"
  | "create"
  | "update"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "delete"
  | "read"
  | "refresh";

/** One step of the engine, in the order they started. */
export interface Step {
  /** For a refresh what it found: `same`, `update` (drift) or `delete` (gone). */
  readonly op: StepOp;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

/** A method of a provider process. */
export type ProviderMethod = "check" | "diff" | "create" | "read" | "update" | "delete";

/** One call of a provider process, in the order they were sent. */
export interface ProviderCall {
  readonly method: ProviderMethod;
  readonly urn?: string;
  /** True in the preview phase. */
  readonly preview: boolean;
}

/** A message of an operation, as a user reads it. */
export interface Diagnostic {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  readonly urn?: string;
  /** Status text of a resource's row that the next one replaces. */
  readonly ephemeral?: boolean;
}

/** The result of one operation. */
export interface RunResult {
  readonly ok: boolean;
  /** Steps of the last phase that ran: the update of `up`, the preview of `preview`. Default providers are left out. */
  readonly steps: readonly Step[];
  /** Calls of both phases. */
  readonly calls: readonly ProviderCall[];
  /** Stack outputs after the operation, secrets opened. Unknown ones are absent in a preview. */
  readonly outputs: PropertyMap;
  /** Messages of the last phase that ran. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text a user reads, of all phases. */
  readonly text: string;
}

/** A resource as the state records it. Never changed once made. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Absent for components. */
  readonly id?: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly parent?: string;
  /** `<urn of the provider>::<its id>`, for custom resources. */
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Reasons of the last create or update that ended part-way. */
  readonly initErrors: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Read by `.get`, not managed. */
  readonly external: boolean;
  /** Replaced, and still to be deleted. */
  readonly delete: boolean;
  /** Deleted to be replaced, and not created again yet. */
  readonly pendingReplacement: boolean;
  readonly additionalSecretOutputs: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly deletedWith?: string;
}

/** An operation whose end was never seen. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading";
  readonly resource: ResourceState;
}

/** The state of a stack. */
export interface State {
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}
