import type { dynamic } from "@pulumi/pulumi";
import { openOrganization } from "../../account/organizations";
import { isRefusal, messageOf } from "../../fleet/model/fleetErrors";
import { isUnread, RoleTooLowError } from "../../hologram/errors";
import { defined } from "../../util/defined";
import type { RowReporter } from "../host/engineLog";
import { operate } from "../host/operation";
import { Session } from "../host/session";
import { rowOf } from "../wire/hiddenInputs";
import { takeProgramFacts } from "../wire/registration";
import { readTag, writeTag, writeTagInputs } from "../wire/tagState";
import { type PlainObject, type Props, plain, quote } from "../wire/values";
import { createTag, deleteTag, tagNamed } from "./accountTags";
import { DeclaredTags } from "./declaredTags";
import { knownTag, parseTag, type TagInputs } from "./inputs";

/** What the provider process loads for a `DeviceTag`: the constant `__provider` text calls it once per process. */
export function tagHandler(session: Session = new Session()): dynamic.ResourceProvider {
  const provider = new TagProvider(session);
  return {
    configure: async (request) => session.configure((key) => request.config.get(key)),
    check: (olds: Props, news: Props) =>
      operate(session, news, (report) => provider.check(olds, news, report)),
    diff: (_id, olds: Props, news: Props) => operate(session, news, async () => provider.diff(olds, news)),
    create: (props: Props) => operate(session, props, (report) => provider.create(props, report)),
    read: (id, props: Props = {}) => operate(session, props, (report) => provider.read(id, props, report)),
    update: (_id, olds: Props, news: Props) =>
      operate(session, news, async () => provider.update(olds, news)),
    delete: (_id, props: Props) => operate(session, props, (report) => provider.delete(props, report)),
  };
}

/** One tag as a resource. Hologram can neither rename nor move a tag, so nothing of it changes in place. */
class TagProvider {
  readonly #declared = new DeclaredTags();

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Validates the inputs, writes the organization into them, and shows on the row whether a tag is created or taken
   * over. Unchanged inputs send no request. An account that cannot be read just now is no reason to fail.
   */
  async check(olds: Props, given: Props, report: RowReporter) {
    const { props: news, facts } = takeProgramFacts(given);
    const parsed = parseTag(news);
    if ("problems" in parsed) return failed(news, parsed.problems);
    const { inputs } = parsed;
    const before = parseTag(olds);
    const former = "inputs" in before ? before.inputs : undefined;
    const orgId = inputs.unknown.includes("orgId") ? undefined : (inputs.orgId ?? former?.orgId);
    const isSettled = orgId !== undefined && orgId === former?.orgId && inputs.name === former.name;
    try {
      const looked = isSettled ? { orgId } : await this.#preview({ ...inputs, orgId }, report);
      if ("told" in looked) {
        report.progress(looked.told);
        if (facts.isDryRun === true) this.#session.tellPreview(rowOf(news).urn ?? "", looked.told, report);
      }
      const resolved = looked.orgId;
      if (resolved !== undefined && inputs.name !== undefined) this.#declared.declare(resolved, inputs.name);
      const known = defined({ name: inputs.name, orgId: resolved });
      return { inputs: plain({ ...news, ...known }), failures: [] };
    } catch (error) {
      if (isRefusal(error)) return failed(news, [error.message]);
      throw error;
    }
  }

  /**
   * Another name or organization is another tag. It is created first, fleets move to it, and the old one is deleted
   * last. A name that is not known yet may be another one. Sends nothing.
   */
  diff(olds: Props, news: Props) {
    const state = readTag(olds);
    if (!state.adopted) this.#declared.recordMade(state.tagId);
    const parsed = parseTag(news);
    if ("problems" in parsed) return { changes: true, replaces: [], deleteBeforeReplace: false };
    const { name, orgId, unknown } = parsed.inputs;
    const replaces = [
      ...(name === state.name ? [] : ["name"]),
      ...(unknown.includes("orgId") || (orgId !== undefined && orgId !== state.orgId) ? ["orgId"] : []),
    ];
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
  }

  /**
   * Creates the tag, or takes over the one of that name: creating it again would make a second one. So the next create
   * also finishes one that died half-way. The tag is made or not; there is no part-way state.
   */
  async create(props: Props, report: RowReporter) {
    const { name, orgId: given } = knownTag(props);
    const { orgId, client } = await this.#open(given, report);
    this.#declared.declare(orgId, name);
    return this.#declared.oneAtATime(orgId, async () => {
      const found = tagNamed(await client.tags(orgId), name, report);
      const { id: tagId } =
        found ?? (await createTag({ client, orgId, clock: this.#session.clock, report }, name));
      const adopted = found !== undefined && !this.#declared.isMade(tagId);
      if (found === undefined) this.#declared.recordMade(tagId);
      report.info(`${found === undefined ? "created" : "took over"} tag ${tagId} ${quote(name)}`);
      return { id: String(tagId), outs: writeTag({ tagId, name, orgId, adopted }, props) };
    });
  }

  /**
   * Reads the tag by its id. Unlike a fleet, a tag that is gone is really gone, because no money hangs on it: the empty
   * id makes the engine drop the resource. A tag renamed elsewhere shows its new name, so the next preview shows the
   * replacement.
   */
  async read(id: string, props: Props, report: RowReporter) {
    const { tagId, name, orgId } = readTag(props);
    const { client } = await this.#open(orgId, report);
    const tag = (await client.tags(orgId)).find((each) => each.id === tagId);
    if (tag === undefined) {
      report.warn(`tag ${tagId} ${quote(name)} is gone; the next \`pulumi up\` creates it again`);
      return { id: "", props: {} };
    }
    if (tag.name.trim() === name) return { id, props: plain(props) };
    const drifted = { ...props, name: tag.name.trim() };
    return { id, props: plain(drifted), inputs: writeTagInputs({ name: drifted.name, orgId }, props) };
  }

  /** Never needed, as `diff` asks for replacements only. If the engine calls it all the same, the record stays as it is. */
  update(olds: Props, news: Props): { outs: PlainObject } {
    return { outs: writeTag(readTag(olds), news) };
  }

  /**
   * Deletes the tag, which takes it off its devices. Idempotent: a tag that is gone already is done. Two kinds of tags
   * are left alone: one that was there before this resource, and one that the program declares under another resource.
   */
  async delete(props: Props, report: RowReporter): Promise<void> {
    const { tagId, name, orgId, adopted } = readTag(props);
    const tag = `tag ${tagId} ${quote(name)}`;
    if (this.#declared.declares(orgId, name)) {
      report.info(`${tag} stays: the program declares it`);
      return;
    }
    if (adopted) {
      report.info(
        `${tag} stays: it was there before it was declared. Delete it in the dashboard if nothing needs it`,
      );
      return;
    }
    const { client } = await this.#open(orgId, report);
    if ((await deleteTag(client, orgId, tagId)) === "deleted") report.info(`deleted ${tag}`);
  }

  /** Looks at the account. The organization is undefined if it is not known yet. */
  async #preview({ name, orgId, unknown }: TagInputs, report: RowReporter): Promise<TagPreview> {
    if (unknown.includes("orgId") || name === undefined) {
      return { orgId, told: `not verified: not known before the update: ${unknown.join(", ")}` };
    }
    const settings = this.#session.settings();
    if (settings.apiKey === undefined) {
      return { orgId: orgId ?? settings.orgId, told: "not verified: no API key" };
    }
    try {
      const { orgId: resolved, client } = await this.#open(orgId, report);
      const found = tagNamed(await client.tags(resolved), name, report);
      const told =
        found === undefined
          ? `creates tag ${quote(name)} in organization ${resolved}`
          : `takes over tag ${found.id} ${quote(name)}, which exists already`;
      return { orgId: resolved, told };
    } catch (error) {
      // A key that may not read will not be allowed to create either.
      if (!isUnread(error) || error instanceof RoleTooLowError) throw error;
      return { orgId: orgId ?? settings.orgId, told: `not verified: ${messageOf(error)}` };
    }
  }

  #open(orgId: number | undefined, report: RowReporter) {
    return openOrganization(this.#session, this.#session.settings(), orgId, report);
  }
}

interface TagPreview {
  readonly orgId: number | undefined;
  /** For the row. */
  readonly told: string;
}

function failed(news: Props, reasons: readonly string[]) {
  return { inputs: plain(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}
