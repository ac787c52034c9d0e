/**
 * Property values as the engine holds them: plain JSON in the SDK's wire form, in which an unknown is a sentinel
 * string and a secret is an object with a signature key. Converted to and from protobuf once per call.
 */
import { isDeepStrictEqual } from "node:util";
import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";

/** A property as the engine hands it over: JSON, with marked objects for secrets and unknown values. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | { readonly [key: string]: PropertyValue };

/** Properties of a resource by their names. */
export type PropertyMap = { readonly [key: string]: PropertyValue };

/** An unknown value of a preview (`pulumi.runtime.unknownValue`). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key that tells the objects with a meaning of their own from ordinary ones. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
/** The value under `signatureKey` of a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** True for an object, false for arrays, null and everything else. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** True when the value itself is a secret. */
export function isSecret(value: PropertyValue | undefined): boolean {
  return isMap(value) && value[signatureKey] === secretSignature;
}

/** Marks a value as secret; a secret stays as it is. */
export function makeSecret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The value behind a secret, at the top only; other values as they are. */
export function secretValue(value: PropertyValue | undefined): PropertyValue {
  if (isMap(value) && value[signatureKey] === secretSignature) {
    return value.value ?? null;
  }
  return value ?? null;
}

/** True when a value holds a secret at any depth. */
export function containsSecret(value: PropertyValue): boolean {
  if (isList(value)) {
    return value.some(containsSecret);
  }
  return isMap(value) && (isSecret(value) || Object.values(value).some(containsSecret));
}

/** True when a value holds an unknown at any depth. */
export function containsUnknown(value: PropertyValue): boolean {
  if (isList(value)) {
    return value.some(containsUnknown);
  }
  return isMap(value) ? Object.values(value).some(containsUnknown) : value === unknownValue;
}

/** The same properties without any secret marks. Parts without secrets are shared, not copied. */
export function openSecrets(map: PropertyMap): PropertyMap {
  return mapValues(map, openSecret);
}

function openSecret(value: PropertyValue): PropertyValue {
  if (!containsSecret(value)) {
    return value;
  }
  if (isList(value)) {
    return value.map(openSecret);
  }
  if (isMap(value)) {
    return isSecret(value) ? openSecret(secretValue(value)) : openSecrets(value);
  }
  return value;
}

/** The same keys, each value through `convert`. */
export function mapValues(map: PropertyMap, convert: (value: PropertyValue) => PropertyValue): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}

/**
 * Providers that cannot be told what is secret get plain values; afterwards a property whose input of the same name
 * was secret is secret again. One secret element makes a whole list secret.
 */
export function markSecretsLike(map: PropertyMap, pattern: PropertyMap): PropertyMap {
  const marked = Object.entries(map).map(([key, value]): [string, PropertyValue] => {
    const like = pattern[key];
    if (like === undefined) {
      return [key, value];
    }
    if (isMap(value) && !isSecret(value) && isMap(like) && !isSecret(like)) {
      return [key, markSecretsLike(value, like)];
    }
    return [key, containsSecret(like) ? makeSecret(value) : value];
  });
  return Object.fromEntries(marked);
}

/** Deep equality of values; a secret and a plain value differ. */
export function equalValues(one: PropertyValue | undefined, other: PropertyValue | undefined): boolean {
  return one === other || isDeepStrictEqual(one, other);
}

/** Properties as a protobuf Struct. */
export function toStruct(map: PropertyMap): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(map)) {
    fields.set(key, toProto(value));
  }
  return struct;
}

function toProto(value: PropertyValue): Value {
  const proto = new Value();
  if (typeof value === "string") {
    return proto.setStringValue(value);
  }
  if (typeof value === "number") {
    return proto.setNumberValue(value);
  }
  if (typeof value === "boolean") {
    return proto.setBoolValue(value);
  }
  if (isList(value)) {
    return proto.setListValue(new ListValue().setValuesList(value.map(toProto)));
  }
  return isMap(value) ? proto.setStructValue(toStruct(value)) : proto.setNullValue(NullValue.NULL_VALUE);
}

/** A protobuf Struct as properties; none is the empty map. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  const map: Record<string, PropertyValue> = {};
  for (const [key, value] of struct?.getFieldsMap().entries() ?? []) {
    map[key] = fromProto(value);
  }
  return map;
}

function fromProto(value: Value): PropertyValue {
  switch (value.getKindCase()) {
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRUCT_VALUE:
      return fromStruct(value.getStructValue());
    case Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(fromProto);
    default:
      return null;
  }
}
