/** How many values can be sealed with one record: 1 more than the highest place of one among them. */
export const MAX_SEALED = 65_536;
