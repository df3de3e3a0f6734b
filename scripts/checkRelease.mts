/**
 * Whether a tarball may be published under a tag: `tsx scripts/checkRelease.mts v1.2.3 package.tgz`. Run by
 * the release workflow. It looks at the tarball and nothing else, since that is what users install.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hindrances, type Manifest } from './release/hindrances.mts';

const [tag = '', tarball = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'cobalt-release-'));
try {
	execFileSync('tar', ['-xzf', tarball, '-C', folder]);
	const published = join(folder, 'package');
	const manifest = JSON.parse(readFileSync(join(published, 'package.json'), 'utf8')) as Manifest;
	const changelog = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
	const found = hindrances(tag, manifest, changelog);
	if (!(await passesScanner(published))) found.push("n8n's scanner does not pass the tarball");
	for (const hindrance of found) console.error(`Not ready: ${hindrance}`);
	process.exitCode = found.length > 0 ? 1 : 0;
} finally {
	rmSync(folder, { recursive: true, force: true });
}

async function passesScanner(published: string): Promise<boolean> {
	// A variable, because the scanner has no types.
	const specifier = '@n8n/scan-community-package/scanner/scanner.mjs';
	const { analyzePackage } = (await import(specifier)) as {
		analyzePackage: (folder: string, patterns: string[]) => Promise<{ passed: boolean }>;
	};
	return (await analyzePackage(published, ['**/*.js', 'package.json'])).passed;
}
