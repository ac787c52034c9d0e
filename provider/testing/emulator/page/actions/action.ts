/** A button of the page. */
import type { PageHost } from "../host";
import type { Form } from "./form";

/** Does it, and says what was done; throws a sentence where it cannot be done. */
export type Action = (host: PageHost, form: Form) => string;
