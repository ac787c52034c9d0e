/** Loads the floor's provider from the folder of its program, as the package's own text loads the package. */
export const FLOOR_TEXT =
  'exports.handler = () => require("module").createRequire(process.cwd() + "/package.json")("./floorProvider.js").handler();';
