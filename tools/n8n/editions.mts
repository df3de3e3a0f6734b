/** One release of n8n, and what it takes to install it. */
export interface Edition {
	readonly n8n: string;
	/** The release of Node that it runs on, from npm: n8n and this repository need not share one. */
	readonly node: string;
	/** Replacements for packages that not every registry has. */
	readonly overrides: Readonly<Record<string, string>>;
}

/** The newest n8n that the tests know, or the release in N8N_VERSION. */
export const NEWEST: Edition = {
	n8n: process.env.N8N_VERSION ?? '2.41.1',
	node: '24.21.0',
	overrides: { linkedom: '0.18.13' },
};

/** The oldest supported n8n, on Node 20. */
export const OLDEST: Edition = {
	n8n: '2.8.4',
	node: '20.20.2',
	overrides: { xlsx: '0.18.5' },
};
