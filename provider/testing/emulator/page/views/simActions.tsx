/** What a person can do with SIMs. Each button is the submission of the form that it stands in. */
import type { Child } from "hono/jsx";
import { type Choice, Field, Select } from "./parts";
import { count } from "./words";

/** What SIMs can be put on, and moved to. */
export interface Terms {
  readonly plans: readonly Choice[];
  /** Plan and zone, as `2096 global`. */
  readonly zones: readonly Choice[];
  readonly organizations: readonly Choice[];
}

/** `which`: how many SIMs match; absent where the form is about one SIM. */
export const SimActions = ({ terms, which }: { terms: Terms; which?: number }) => (
  <fieldset class="actions">
    <legend>{which === undefined ? "Do with this SIM" : "Do with SIMs"}</legend>
    {/* The Enter key in a field presses the first button of its form, which must be none of those below. */}
    <button type="submit" name="do" value="" hidden tabindex={-1}>
      Nothing
    </button>
    {which !== undefined && (
      <p class="which">
        <label>
          <input type="radio" name="which" value="ticked" checked /> those that are ticked
        </label>
        <label>
          <input type="radio" name="which" value="matching" /> all {count(which)} that match
        </label>
      </p>
    )}
    <div class="buttons">
      <Button does="pause">Pause</Button>
      <Button does="resume">Resume</Button>
      <Fold id="act-activate" title="Activate">
        <p class="muted">Charges each SIM at once, by hand. SIMs that are active already are left alone.</p>
        <Select id="activate-terms" name="activate-terms" label="Plan and zone" choices={terms.zones} />
        <Button does="activate">Activate and charge</Button>
      </Fold>
      <Fold id="act-plan" title="Change plan">
        <p class="muted">Removes the data limits, as Hologram does.</p>
        <Select id="plan-terms" name="plan-terms" label="New plan and zone" choices={terms.zones} />
        <Button does="plan">Change the plan</Button>
      </Fold>
      <Fold id="act-limits" title="Set limits">
        <p class="muted">Empty leaves a limit as it is, -1 takes it away.</p>
        <Field id="overage" name="overage" label="Data, bytes" mode="numeric" />
        <Field id="threshold" name="threshold" label="Warning at, bytes" mode="numeric" />
        <Field id="sms" name="sms" label="SMS" mode="numeric" />
        <Button does="limits">Set the limits</Button>
      </Fold>
      <Fold id="act-tag" title="Tag">
        <Field id="tag-name" name="tag-name" label="Name of the tag" />
        <Button does="tag">Put it on</Button>
        <Button does="untag">Take it off</Button>
      </Fold>
      {terms.organizations.length > 1 && (
        <Fold id="act-move" title="Move">
          <p class="muted">To another organization. Tags are dropped.</p>
          <Select id="move-to" name="move-to" label="Organization" choices={terms.organizations} />
          <Button does="move">Move</Button>
        </Fold>
      )}
      <Fold id="act-deactivate" title="Deactivate">
        <p class="muted">For ever: a deactivated SIM never comes back.</p>
        <label class="check">
          <input type="checkbox" name="sure" value="yes" /> I mean it
        </label>
        <Button does="deactivate" danger>
          Deactivate
        </Button>
      </Fold>
    </div>
  </fieldset>
);

const Fold = ({ id, title, children }: { id: string; title: string; children: Child }) => (
  <details id={id} name="sim-actions" class="fold">
    <summary>{title}</summary>
    <div class="folded">{children}</div>
  </details>
);

const Button = ({ does, danger, children }: { does: string; danger?: boolean; children: Child }) => (
  <button type="submit" name="do" value={does} class={danger === true ? "danger" : ""}>
    {children}
  </button>
);
