/** The real engine's state in the form that both engines share. */
import type {
  PendingOperation,
  PropertyMap,
  PropertyValue,
  ResourceState,
  State,
} from "../../../provider/testing/engine";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: string[];
  readonly propertyDependencies?: Record<string, string[] | null>;
  readonly initErrors?: string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly external?: boolean;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly additionalSecretOutputs?: string[];
  readonly ignoreChanges?: string[];
  readonly deletedWith?: string;
}

interface StoredDeployment {
  readonly resources?: StoredResource[];
  readonly pending_operations?: { readonly type: string; readonly resource: StoredResource }[];
}

/** Reads a deployment as `pulumi stack export --show-secrets` prints it, or as the file backend keeps it. */
export function readDeployment(deployment: StoredDeployment): State {
  return {
    resources: (deployment.resources ?? []).map(readResource),
    pendingOperations: (deployment.pending_operations ?? []).flatMap(
      ({ type, resource }): PendingOperation[] =>
        type === "creating" || type === "updating" || type === "deleting" || type === "reading"
          ? [{ type, resource: readResource(resource) }]
          : [],
    ),
  };
}

function readResource(stored: StoredResource): ResourceState {
  const { urn, type, custom, id, parent, provider, deletedWith } = stored;
  return {
    ...{ urn, type, custom },
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(deletedWith === undefined ? {} : { deletedWith }),
    inputs: openMap(stored.inputs ?? {}),
    outputs: openMap(stored.outputs ?? {}),
    dependencies: stored.dependencies ?? [],
    propertyDependencies: Object.fromEntries(
      Object.entries(stored.propertyDependencies ?? {}).map(([key, urns]) => [key, urns ?? []]),
    ),
    initErrors: stored.initErrors ?? [],
    protect: stored.protect ?? false,
    retainOnDelete: stored.retainOnDelete ?? false,
    external: stored.external ?? false,
    delete: stored.delete ?? false,
    pendingReplacement: stored.pendingReplacement ?? false,
    additionalSecretOutputs: stored.additionalSecretOutputs ?? [],
    ignoreChanges: stored.ignoreChanges ?? [],
  };
}

function openMap(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, open(value)]));
}

/** Secrets come as `plaintext`, which is JSON text. */
function open(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(open);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.fromEntries(Object.entries(value));
  if (entries[signatureKey] !== secretSignature) {
    return openMap(entries);
  }
  const { plaintext } = entries;
  return {
    [signatureKey]: secretSignature,
    value: typeof plaintext === "string" ? JSON.parse(plaintext) : null,
  };
}
