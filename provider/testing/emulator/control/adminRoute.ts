/** One endpoint of the control interface. */
import { z } from "zod";
import { Refusal } from "../account/refusal";
import type { Emulator } from "../contract";

/** What an endpoint is given. */
interface AdminCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface AdminRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/emulator/`, named parts in braces. */
  readonly path: string;
  /** Does the work and returns `data` of the answer. What it throws is said in the answer, with status 400. */
  handle(emulator: Emulator, call: AdminCall): unknown;
}

/** Checks a body or a query; what is wrong is said with its place. */
export function readForm<T>(form: z.ZodType<T>, value: unknown): T {
  const result = form.safeParse(value);
  if (!result.success) throw new Refusal(400, z.prettifyError(result.error));
  return result.data;
}

export const iccidForm = z.string().regex(/^\d{18,22}$/, "An ICCID is text of 18 to 22 digits");
