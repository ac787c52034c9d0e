// The ready policy pack, a folder for `pulumi preview --policy-pack`. Pulumi compiles no TypeScript in node_modules, so
// this is plain JavaScript over the compiled rules, which lie beside the sources in a checkout and in the package alike.
const { PolicyPack } = require("@pulumi/policy");
const { policies } = require("../../../dist/provider/policy");

new PolicyPack("pulumi-hologram", { policies });
