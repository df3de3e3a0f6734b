/** The smallest of many numbers; Infinity if there is none. (Math.min takes only as many as fit on the stack.) */
export const earliest = (values: readonly number[]): number =>
	values.reduce((one, other) => Math.min(one, other), Infinity);
