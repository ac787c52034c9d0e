/** `npm test` leaves out what takes long and is covered otherwise; `HOLOGRAM_TESTS=all npm test` runs everything. */
export const everything = process.env.HOLOGRAM_TESTS === "all";
