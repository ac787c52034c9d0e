/**
 * What state keeps of the provider's code: a constant that loads the installed package, never a serialized closure.
 * Upgraded code takes effect for refresh and destroy too, and zod and undici stay out of state. It resolves from the
 * program's folder (the provider process's working directory), in a checkout, an installed package or a workspace.
 *
 * Errors that carry a code are those of a package that cannot be found there: uninstalled and then destroyed, or run
 * from another folder. Their message is Node's, with a stack; it becomes what to do. Under 200 bytes, as in each state.
 */
export const PROVIDER_TEXT = textThatCalls("handler");

/** The same for tags: each text has a provider of its own in the provider process. */
export const TAG_PROVIDER_TEXT = textThatCalls("tags");

/** Type tokens of dynamic resources begin with this; the rest is `module:Type`. */
const DYNAMIC = "pulumi-nodejs:dynamic";

/** Frozen: a changed token would orphan every resource in state. */
export const SIM_ACTIVATION_TYPE = `${DYNAMIC}/hologram:SimActivation`;
export const DEVICE_TAG_TYPE = `${DYNAMIC}/hologram:DeviceTag`;

function textThatCalls(name: string): string {
  return (
    `exports.handler=(d=process.cwd())=>{try{return require("module").createRequire(d+"/")("pulumi-hologram/dynamic").${name}()}` +
    'catch(e){if(e.code)e.stack=e.message="Add pulumi-hologram to "+d;throw e}}'
  );
}
