import * as pulumi from "@pulumi/pulumi";
import { Connection } from "../../account/connection";
import { type OpenOrganization, openOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import type { Source } from "../source";

/** The organization as fleets resolve it, with a text that identifies the account. Throws sentences. */
export async function openAccount(
  source: Source,
  orgId: number | undefined,
): Promise<OpenOrganization & { readonly id: string }> {
  const session = sessionOf(source);
  const settings = session.settings();
  const open = await openOrganization(session, settings, orgId, report);
  return { ...open, id: `${settings.baseUrl} ${settings.apiKey} ${open.orgId}` };
}

/** Answers to one kind of question, each asked for once in a run. A failed one is asked for again. */
export class Kept<T> {
  readonly #answers = new WeakMap<Source, Map<string, Promise<T>>>();

  once(source: Source, question: unknown, ask: () => Promise<T>): Promise<T> {
    const answers = this.#answers.get(source) ?? new Map<string, Promise<T>>();
    this.#answers.set(source, answers);
    const text = JSON.stringify(question);
    const answer = answers.get(text) ?? ask();
    answers.set(text, answer);
    answer.catch(() => answers.delete(text));
    return answer;
  }
}

/** One for each source: it remembers the organizations that a key sees. */
const sessions = new WeakMap<Source, Connection>();

function sessionOf(source: Source): Connection {
  const session = sessions.get(source) ?? new Connection();
  session.configure(source.config);
  sessions.set(source, session);
  return session;
}

/** Waits show as the status of the stack, because a look-up has no row of its own. */
const report: Reporter = {
  progress: (message) => void pulumi.log.info(message, undefined, undefined, true),
  info: (message) => void pulumi.log.info(message),
  warn: (message) => void pulumi.log.warn(message),
};
