/**
 * `npm test` leaves out what takes long and is covered otherwise; `HOLOGRAM_TESTS=all npm test` plays every test, and of the
 * stories in `tests/promise` a third in processes of their own; `npm run stories` plays all of those so.
 */
const form = process.env.HOLOGRAM_TESTS;

export const everything = form === "all" || form === "stories";
export const everyStory = form === "stories";
