import { expect, it } from 'vitest';

import { parseUrl } from '../../nodes/shared/url.js';

/** `URL.canParse` of Node 20 and 22 begins to refuse letters such as ü after some thousand calls. */
const MANY = 100_000;

it.each([
	['https://api.usecobalt.com/v1', 'https://api.usecobalt.com/v1'],
	['https://bücher.example', 'https://xn--bcher-kva.example/'],
	['https://example.com/é', 'https://example.com/%C3%A9'],
	['', undefined],
	['example.com', undefined],
	['https://', undefined],
])('reads the URL %j as %j, however often it is read', (text, href) => {
	const read = new Set(Array.from({ length: MANY }, () => parseUrl(text)?.href));
	expect([...read]).toEqual([href]);
});
