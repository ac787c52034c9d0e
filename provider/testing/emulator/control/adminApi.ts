/**
 * What an emulator that runs as a process of its own can be asked and told, outside the API's base path: the
 * judgement, the ledger, the requests, the script of faults and the behaviour. Admin keys only.
 */
import { z } from "zod";
import type { Account } from "../account/account";
import { Refusal } from "../account/refusal";
import { authenticate, type Credentials, permit } from "../api/auth";
import { type Answer, ok } from "../api/http";
import type { FaultScript } from "../faults/faults";
import { behaviourForm, faultRuleForm } from "../faults/forms";
import type { SeenRequest } from "../records";

export const ADMIN_PATH = "/emulator";

/** What the interface works on. */
export interface AdminContext {
  readonly account: Account;
  readonly faults: FaultScript;
  readonly requests: readonly SeenRequest[];
}

/** Answers `<method> /emulator/<subject>`. */
export function answerAdmin(
  { account, faults, requests }: AdminContext,
  credentials: Credentials,
  request: string,
  body: unknown,
): Answer {
  try {
    permit(authenticate(account, credentials), "admin");
    switch (request) {
      case "GET judgement":
        return ok(account.judge.judgement(account.ledger));
      case "GET ledger":
        return ok(account.ledger);
      case "GET requests":
        return ok(requests);
      case "GET behaviour":
        return ok(account.behaviour);
      case "PUT behaviour":
        Object.assign(account.behaviour, read(behaviourForm, body));
        account.changed = true;
        return ok(account.behaviour);
      case "POST faults":
        faults.add(read(faultRuleForm, body));
        return ok(faults.list().length);
      case "DELETE faults":
        faults.clear();
        return ok(0);
      case "POST release":
        faults.release();
        return ok(null);
      default:
        throw new Refusal(404, "Not found");
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: { success: false, error: error.message } };
  }
}

function read<T>(form: z.ZodType<T>, body: unknown): T {
  const result = form.safeParse(body);
  if (!result.success) throw new Refusal(400, z.prettifyError(result.error));
  return result.data;
}
