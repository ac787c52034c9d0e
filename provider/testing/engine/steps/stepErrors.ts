/** The errors of a step that does not succeed. */

/** A step failed and has been reported. */
export class StepFailed extends Error {}

/** A step that never started because the operation was being stopped. */
export class Stopped extends Error {}

/** Deleting a protected resource is refused. Other deletions go on, so one run shows all refusals. */
export class ProtectedError extends Error {
  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
        "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
        `\`pulumi state unprotect '${urn}'\``,
    );
  }
}
