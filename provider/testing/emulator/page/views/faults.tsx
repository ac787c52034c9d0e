/** What is to go wrong: arranged with one button, or in detail; what is in force; and what is held back. */
import type { PlantedFault } from "../../faults/faults";
import { isOver, mishaps, often, ruleWords, targets } from "../faultKinds";
import { ActionForm, Cell, Empty, Field, type FormSetting, Live, Row, Section, Select, Table } from "./parts";
import { count, counted } from "./words";

export interface FaultsView extends FormSetting {
  readonly planted: readonly PlantedFault[];
  /** Requests that are held back. */
  readonly held: number;
}

export const FaultsPage = (given: FaultsView) => (
  <>
    <Section id="one-click" title="For the next request">
      <ul class="presets">
        {PRESETS.map(({ target, frequency, mishap, title, text }) => (
          <li>
            <ActionForm to="fault" token={given.token} back={given.back}>
              <input type="hidden" name="target" value={target} />
              <input type="hidden" name="often" value={frequency} />
              <input type="hidden" name="mishap" value={mishap} />
              <button type="submit" aria-describedby={`preset-${mishap}`}>
                {title}
              </button>
            </ActionForm>
            <p class="muted" id={`preset-${mishap}`}>
              {text}
            </p>
          </li>
        ))}
      </ul>
    </Section>
    <Section id="in-force" title="In force">
      <Live id="held-live">
        {given.held > 0 && (
          <p class="held">
            <strong>{counted(given.held, "request is", "requests are")} held back.</strong>
          </p>
        )}
      </Live>
      <div class="bar">
        <ActionForm to="release" token={given.token} back={given.back}>
          <button type="submit">Release what is held back</button>
        </ActionForm>
        <ActionForm to="clear-faults" token={given.token} back={given.back}>
          <button type="submit">Take all faults away</button>
        </ActionForm>
      </div>
      <Live id="faults-live">
        {given.planted.length === 0 ? (
          <Empty>Nothing is arranged: every request is answered as it should be.</Empty>
        ) : (
          <Table
            id="fault-rows"
            caption="Faults in force"
            columns={[
              { title: "Fault" },
              { title: "Requests met", kind: "number" },
              { title: "Played", kind: "number" },
              { title: "Now" },
            ]}
          >
            {given.planted.map((planted, place) => (
              <Row id={`fault-${place}`}>
                <Cell of="Fault" kind="lead">
                  {ruleWords(planted.rule)}
                </Cell>
                <Cell of="Requests met" kind="number">
                  {count(planted.matched)}
                </Cell>
                <Cell of="Played" kind="number">
                  {count(planted.played)}
                </Cell>
                <Cell of="Now">{isOver(planted) ? <span class="muted">over</span> : "waits"}</Cell>
              </Row>
            ))}
          </Table>
        )}
      </Live>
    </Section>
    <Section id="arrange" title="Arrange another fault">
      <ActionForm
        to="fault"
        token={given.token}
        back={given.back}
        label="Arrange another fault"
        class="inline"
      >
        <Select id="often" name="often" label="How often" choices={choices(often)} />
        <Select id="target" name="target" label="Which request" choices={choices(targets)} />
        <Select id="mishap" name="mishap" label="What happens to it" choices={choices(mishaps)} />
        <Field id="seconds" name="seconds" label="Seconds, where it is late" mode="numeric" value="5" />
        <Field id="fault-state" name="state" label="State, where it is another" value="PAUSED-SYS-FUNDS" />
        <Field
          id="reason"
          name="reason"
          label="Reason, where SIMs are refused"
          value="SIM cannot be activated"
        />
        <div class="field wide">
          <label for="iccids">SIMs that are refused, by ICCID</label>
          <textarea id="iccids" name="iccids" rows={2} spellcheck={false} />
        </div>
        <button type="submit">Arrange it</button>
      </ActionForm>
    </Section>
  </>
);

const PRESETS = [
  {
    target: "claim",
    frequency: "next",
    mishap: "drop-after",
    title: "Drop the answer of the next claim",
    text: "The SIMs are activated and charged, and the program is told nothing.",
  },
  {
    target: "claim",
    frequency: "next",
    mishap: "drop-before",
    title: "Lose the next claim",
    text: "The connection breaks before anything is done. To the program it looks like a lost answer.",
  },
  {
    target: "claim",
    frequency: "next",
    mishap: "hold",
    title: "Hold the next claim back",
    text: "It waits until it is released: time to stop the program in the middle.",
  },
  {
    target: "any",
    frequency: "three",
    mishap: "rate",
    title: "Answer 429 three times",
    text: "Too many requests: nothing is done, and a program has to wait.",
  },
  {
    target: "claim",
    frequency: "next",
    mishap: "500-after",
    title: "Fail the next claim, and do it",
    text: "The answer says 500, although the SIMs are activated and charged.",
  },
] as const;

function choices(from: readonly { readonly name: string; readonly text: string }[]) {
  return from.map(({ name, text }) => ({ value: name, text }));
}
