/**
 * Property values as the engine holds them: plain JSON in the SDK's wire form, in which an unknown is a sentinel
 * string and a secret is an object with a signature key. Converted to and from protobuf once per call.
 */
import { isDeepStrictEqual } from "node:util";
import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

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

/** The SDK's own constants: an unknown value, the key that marks special objects, and the mark of a secret. */
export { specialSecretSig, specialSigKey, unknownValue };

/** True for an object, false for arrays, null and everything else. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** True when the value itself is a secret. */
export function isSecret(value: PropertyValue | undefined): boolean {
  return isMap(value) && value[specialSigKey] === specialSecretSig;
}

/** Marks a value as secret; a secret stays as it is. */
export function makeSecret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? value : { [specialSigKey]: specialSecretSig, value };
}

/** The value behind a secret, at the top only; other values as they are. */
export function secretValue(value: PropertyValue | undefined): PropertyValue {
  if (isMap(value) && value[specialSigKey] === specialSecretSig) {
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
  return Struct.fromJavaScript(map);
}

/** A protobuf Struct as properties; none is the empty map. */
export function fromStruct(struct: Struct | undefined): PropertyMap;
export function fromStruct(struct: Struct | undefined): object {
  return struct?.toJavaScript() ?? {};
}
