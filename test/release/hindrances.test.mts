import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { hindrances, type Manifest } from '../../scripts/release/hindrances.mts';

const ready: Manifest = {
	version: '1.2.3',
	homepage: 'https://github.com/someone/n8n-nodes-cobalt#readme',
	author: { email: 'someone@clinic.org' },
	repository: { url: 'git+https://github.com/someone/n8n-nodes-cobalt.git' },
	bugs: { url: 'https://github.com/someone/n8n-nodes-cobalt/issues' },
};
const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2027-01-31\n';

it('allows the release of a finished package', () => {
	expect(hindrances('v1.2.3', ready, CHANGELOG)).toEqual([]);
});

it.each<[string, string, Manifest, string]>([
	['another tag', 'v1.2.4', ready, CHANGELOG],
	['no section in the changelog', 'v1.2.3', ready, '# Changelog\n\n## [Unreleased]\n'],
	['no address for bugs', 'v1.2.3', { ...ready, bugs: undefined }, CHANGELOG],
	[
		'an email address of an example',
		'v1.2.3',
		{ ...ready, author: { email: 'a@b.example' } },
		CHANGELOG,
	],
])('stops a release with %s', (_, tag, manifest, changelog) => {
	expect(hindrances(tag, manifest, changelog)).toHaveLength(1);
});

it('stops a release of this repository while its addresses are placeholders', () => {
	const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
	const manifest = JSON.parse(text) as Manifest;
	const placeholders = /github\.com\/n8n-nodes-cobalt\/|\.example"/.test(text);
	expect(hindrances(`v${manifest.version}`, manifest, CHANGELOG).length > 1).toBe(placeholders);
});
