/** A JSON Schema as n8n's editor previews the output of an operation with. */
export interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

/** The schema that these values have in common: every field that one of them has. */
export function schemaOf(values: readonly unknown[]): Schema {
	const present = values.filter((value) => value !== null && value !== undefined);
	const [first] = present;
	if (Array.isArray(first)) return { type: 'array', items: schemaOf(present.flat()) };
	if (typeof first === 'object') {
		const objects = present as Record<string, unknown>[];
		const keys = new Set(objects.flatMap((object) => Object.keys(object)));
		return {
			type: 'object',
			properties: Object.fromEntries(
				[...keys].map((key) => [key, schemaOf(objects.map((object) => object[key]))]),
			),
		};
	}
	return { type: first === undefined ? 'null' : typeof first };
}
