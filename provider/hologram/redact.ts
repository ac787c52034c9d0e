import { shortened } from "../util/shortened";

/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

/**
 * Takes the API key out of text that leaves the process: error messages, the server's words, progress. Servers and
 * proxies echo requests, so every form the key travels in is covered: plain, percent-encoded, quoted in JSON or HTML, and
 * the Basic credentials made from it. Blanks around the key are no part of it.
 */
export class Redactor {
  readonly #forms: readonly string[];

  constructor(apiKey: string) {
    // Settings are trimmed before they are used, so the key travels without the blanks that it may be written with.
    const key = apiKey.trim();
    this.#forms = key === "" ? [] : [...new Set(formsOf(key))].sort((a, b) => b.length - a.length);
  }

  /** The same text without the key, and without the beginning of it where a long value was cut short. */
  redact(text: string): string {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, REDACTED);
    const parts = clean.split(CUT);
    const last = parts.pop() ?? "";
    return [...parts.map((part) => this.#withoutBeginning(part)), last].join(CUT);
  }

  #withoutBeginning(text: string): string {
    const lengths = this.#forms.map((form) => {
      let length = Math.min(form.length, text.length);
      while (length >= FEWEST && !text.endsWith(form.slice(0, length))) length--;
      return length;
    });
    const longest = Math.max(0, ...lengths);
    return longest < FEWEST ? text : text.slice(0, -longest) + REDACTED;
  }

  /**
   * What a server said, fit for an error message: without the key, on one line, at most 500 characters. The key goes
   * first, so that cutting cannot leave half of it.
   */
  words(text: string): string {
    return shortened(oneLine(this.redact(text)), 500);
  }
}

/** What messages put where they leave something out. */
const CUT = "…";
/** Fewer characters of a key tell nothing. */
const FEWEST = 4;

function formsOf(apiKey: string): string[] {
  const encoded = encodeURIComponent(apiKey);
  const forms = [
    apiKey,
    encoded,
    lowerCaseEscapes(encoded),
    new URLSearchParams({ k: apiKey }).toString().slice(2),
  ];
  for (const text of [`apikey:${apiKey}`, apiKey]) {
    const bytes = Buffer.from(text);
    const base64 = bytes.toString("base64");
    forms.push(base64, base64.replace(/=+$/, ""), bytes.toString("base64url"), encodeURIComponent(base64));
  }
  const quoted = JSON.stringify(apiKey).slice(1, -1);
  // A second time: an answer in JSON that quotes a request in JSON; an address that holds an address; a page of HTML.
  forms.push(quoted, JSON.stringify(quoted).slice(1, -1), encodeURIComponent(encoded), ...inHtml(apiKey));
  return forms;
}

function lowerCaseEscapes(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

function inHtml(text: string): string[] {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return ['"', "&quot;", "&#34;"].flatMap((double) =>
    ["'", "&#39;", "&#x27;", "&apos;"].map((single) =>
      escaped.replaceAll('"', double).replaceAll("'", single),
    ),
  );
}

function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
