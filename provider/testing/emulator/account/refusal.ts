/** Ends a request with an error answer. `failures` is the map of ICCID to message that claims answer with. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly failures?: ReadonlyMap<string, string>,
  ) {
    super(message);
  }
}

/** What the API says to a path that it does not have (seen). */
export function noSuchMethod(): Refusal {
  return new Refusal(404, "API method does not exist");
}
