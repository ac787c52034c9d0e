/**
 * The text of a file that a shell may have written: `pulumi stack export > dev.json` in Windows PowerShell makes UTF-16
 * with a byte order mark, editors put one in front of UTF-8. Where there is none, UTF-16 is known by its zeros: JSON
 * begins with two ASCII characters.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}
