/** The type without its undefined values: what may be undefined becomes optional. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/**
 * The same object without the keys whose value is undefined: for values that may be absent, because
 * `exactOptionalPropertyTypes` distinguishes an absent key from an undefined one.
 *
 * @example
 * defined({ plan: 2096, zone: undefined }); // { plan: 2096 }
 */
export function defined<T extends object>(value: T): Defined<T>;
export function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
