/** A copy that lacks some of the fields. */
export function without<T extends object, Name extends keyof T>(
	whole: T,
	...names: Name[]
): Omit<T, Name> {
	const copy: Partial<T> = { ...whole };
	for (const name of names) Reflect.deleteProperty(copy, name);
	return copy as Omit<T, Name>;
}
