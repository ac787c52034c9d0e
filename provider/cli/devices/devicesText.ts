import { type Column, formatTable } from "../terminal/table";

/** A SIM that a stack holds. Without numbers where the state encrypts them. */
export interface DeviceRow {
  readonly iccid: string | undefined;
  readonly deviceId: number;
  readonly linkId: number | undefined;
  /** As the account has it; absent where it was not asked, or has none. */
  readonly name: string | undefined;
  readonly fleet: string;
  readonly stack: string;
  readonly orgId: number | undefined;
}

export function asTable(rows: readonly DeviceRow[], width: number | undefined): string {
  return formatTable(rows, COLUMNS, width);
}

/** RFC 4180: a header, one line a SIM, quotes where they are needed. */
export function asCsv(rows: readonly DeviceRow[]): string {
  const lines = [
    ["iccid", "deviceId", "linkId", "name", "fleet", "stack"],
    ...rows.map(({ iccid = "", deviceId, linkId = "", name = "", fleet, stack }) => [
      iccid,
      String(deviceId),
      String(linkId),
      name,
      fleet,
      stack,
    ]),
  ];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

export function asJson(rows: readonly DeviceRow[]): string {
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

const COLUMNS: readonly Column<DeviceRow>[] = [
  { title: "ICCID", text: ({ iccid }) => iccid ?? "" },
  { title: "DEVICE", text: ({ deviceId }) => String(deviceId) },
  { title: "LINK", text: ({ linkId }) => String(linkId ?? "") },
  { title: "NAME", text: ({ name }) => name ?? "", canShrink: true },
  { title: "FLEET", text: ({ fleet }) => fleet, canShrink: true },
  { title: "STACK", text: ({ stack }) => stack, canShrink: true },
];

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
