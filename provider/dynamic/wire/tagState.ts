import { z } from "zod";
import { FleetError } from "../../fleet/model/fleetErrors";
import { rowOf, writeRow } from "./hiddenInputs";
import { type PlainObject, type Props, plain } from "./values";

/** A tag as state records it. */
export interface TagState {
  readonly tagId: number;
  readonly name: string;
  readonly orgId: number;
  /** The tag was there before this resource and is left when the resource goes. */
  readonly adopted: boolean;
}

/** Raised when the meaning of an output changes; a newer package reads every older version. */
const SCHEMA_VERSION = 1;

/** Reads stored outputs. Throws when they are not those of a `DeviceTag` (`import`, `.get`). */
export function readTag(props: Props): TagState {
  const stored = shape.safeParse(props);
  if (!stored.success) throw new FleetError(NOT_A_TAG);
  const { tagId, name, orgId, __adopted } = stored.data;
  return { tagId, name, orgId, adopted: __adopted };
}

/** Outputs. The row in `props` is for logs only: `delete` and `read` are given outputs alone and need it. */
export function writeTag({ tagId, name, orgId, adopted }: TagState, props: Props): PlainObject {
  const known = { tagId, name, orgId, schemaVersion: SCHEMA_VERSION, __adopted: adopted };
  return plain({ ...known, ...writeRow(rowOf(props)) });
}

/** Inputs, as a refresh found the tag. */
export function writeTagInputs({ name, orgId }: Pick<TagState, "name" | "orgId">, props: Props): PlainObject {
  return plain({ name, orgId, ...writeRow(rowOf(props)) });
}

const id = z.number().int().positive();
const shape = z.object({
  tagId: id,
  name: z.string(),
  orgId: id,
  schemaVersion: z.number().int().min(1),
  __adopted: z.boolean().default(false),
});

const NOT_A_TAG =
  "state holds no DeviceTag to work on. Dynamic resources cannot be imported: declare the tag in the program, and " +
  "`pulumi up` takes over the one of that name";
