/** One value per key, created on first use. When it is full, the least recently used value is dropped. */
export class LruCache<Value> {
	private readonly values = new Map<string, Value>();

	constructor(
		private readonly maxSize: number,
		private readonly create: () => Value,
	) {}

	/** The value of a key; a new one if there is none. */
	get(key: string): Value {
		const { values } = this;
		const value = values.get(key) ?? this.create();
		values.delete(key);
		values.set(key, value);
		const [longestUnused] = values.keys();
		if (values.size > this.maxSize && longestUnused !== undefined) values.delete(longestUnused);
		return value;
	}
}
