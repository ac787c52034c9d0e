/** Secrets in the state file: AES-256-GCM under a key made from the stack's passphrase. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import {
  isMap,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  specialSecretSig,
  specialSigKey,
} from "../protocol/propertyValues";

export interface Crypter {
  /** Goes with the state in clear text; the same salt and passphrase give the same key. */
  readonly salt: string;
  /** The same value with each secret encrypted. */
  seal(map: PropertyMap): PropertyMap;
  /** Undoes `seal`. Throws when the passphrase is another one or the text was changed. */
  open(map: PropertyMap): PropertyMap;
}

/** Makes a crypter for a new state, or for one whose salt is known. */
export function crypter(passphrase: string, salt = randomBytes(16).toString("base64")): Crypter {
  let made: Buffer | undefined;
  // Takes its time, and most states have no secrets.
  const key = (): Buffer => {
    made ??= scryptSync(passphrase, Buffer.from(salt, "base64"), 32, { N: 2 ** 12 });
    return made;
  };

  const encrypt = (text: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key(), nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  };
  const decrypt = (text: string): string => {
    const bytes = Buffer.from(text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch {
      throw new Error(
        "the state's secrets cannot be read: use the passphrase (PULUMI_CONFIG_PASSPHRASE) they were written with",
      );
    }
  };

  return {
    salt,
    seal: (map) =>
      convertSecrets(map, (secret) => ({
        [specialSigKey]: specialSecretSig,
        ciphertext: encrypt(JSON.stringify(secret.value ?? null)),
      })),
    open: (map) =>
      convertSecrets(map, (secret) => ({
        [specialSigKey]: specialSecretSig,
        value: JSON.parse(decrypt(String(secret.ciphertext))),
      })),
  };
}

function convertSecrets(map: PropertyMap, convert: (secret: PropertyMap) => PropertyMap): PropertyMap {
  const walk = (value: PropertyValue): PropertyValue => {
    if (Array.isArray(value)) {
      return value.some((element) => typeof element === "object" && element !== null)
        ? value.map(walk)
        : value;
    }
    if (!isMap(value)) {
      return value;
    }
    return value[specialSigKey] === specialSecretSig ? convert(value) : mapValues(value, walk);
  };
  return mapValues(map, walk);
}
