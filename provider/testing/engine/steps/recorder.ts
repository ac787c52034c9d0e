/** Keeps what one phase of an operation did, for the result and for the text that a user reads. */
import type {
  Diagnostic,
  ProviderCall,
  ProviderMethod,
  ResourceState,
  Step,
  StepOp,
} from "../engineContract";
import { isProviderType, urnName, urnType } from "../protocol/urn";

/** A step with the states before and after it. */
export interface StepRecord extends Step {
  /** A refresh knows its outcome only at its end. */
  op: StepOp;
  readonly old?: ResourceState | undefined;
  /** The state after the step; for one that failed, what it was to become. */
  new?: ResourceState | undefined;
  failed: boolean;
}

export class Recorder {
  readonly preview: boolean;
  readonly steps: StepRecord[] = [];
  readonly calls: ProviderCall[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** True once the engine itself has reported an error. What programs and providers log does not count. */
  failed = false;
  readonly #line: (line: string) => void;

  constructor(preview: boolean, line: (line: string) => void) {
    this.preview = preview;
    this.#line = line;
  }

  /** Notes a step that begins. */
  step(op: StepOp, urn: string, old?: ResourceState, next?: ResourceState): StepRecord {
    const record: StepRecord = {
      op,
      urn,
      type: urnType(urn),
      name: urnName(urn),
      old,
      new: next,
      failed: false,
    };
    if (!isDefaultProvider(urn)) {
      this.steps.push(record);
      if (op !== "same" && op !== "replace") {
        this.#line(`    ${record.type} ${record.name} ${op}`);
      }
    }
    return record;
  }

  /** Notes a call of a provider. */
  call(method: ProviderMethod, urn: string): void {
    this.calls.push({ method, urn, preview: this.preview });
  }

  /** Notes a message. */
  diagnose(found: Diagnostic): void {
    const diagnostic = { ...found, message: found.message.trimEnd() };
    this.diagnostics.push(diagnostic);
    const { urn, severity, message } = diagnostic;
    const about = urn === undefined ? [] : [urnType(urn), urnName(urn)];
    const kind = severity === "info" ? [] : [`${severity}:`];
    this.#line(`    ${[...about, ...kind, message].join(" ")}`);
  }

  /** Reports an error of the engine: the operation fails. */
  error(message: string, urn?: string): void {
    this.failed = true;
    this.diagnose({
      severity: "error",
      message,
      ...(urn === undefined || isDefaultProvider(urn) ? {} : { urn }),
    });
  }
}

/** Default providers are the engine's own business and never shown. */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(urnType(urn)) && /^default(_|$)/.test(urnName(urn));
}
