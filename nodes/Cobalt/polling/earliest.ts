/**
 * The smallest of any number of numbers; Infinity if there are none. (Arguments of Math.min must fit on the
 * stack.)
 */
export const earliest = (values: readonly number[]): number =>
	values.reduce((one, other) => Math.min(one, other), Infinity);
