import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { temporaryFolder } from '../tools/n8n/temporaryFolder.mts';

interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage: (folder: string, patterns: string[]) => Promise<{ passed: boolean }>;
}

interface PackageJson {
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	bundleDependencies?: string[];
	peerDependencies: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

const root = fileURLToPath(new URL('..', import.meta.url));

const temporaryPlace = temporaryFolder('cobalt-package-');

const temporary = temporaryPlace.path;

/** What npm would publish, unpacked. */
const published = join(temporary, 'package');

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const manifest = readJson(join(root, 'package.json')) as PackageJson;

/** Paths with slashes, relative to the folder. */
function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => posix.join(entry.parentPath.slice(folder.length + 1), entry.name));
}

beforeAll(() => {
	const quietly = { cwd: root, stdio: 'pipe' as const };
	execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', temporary], quietly);
	const tarball = readdirSync(temporary).find((name) => name.endsWith('.tgz')) ?? '';
	execFileSync('tar', ['-xzf', join(temporary, tarball), '-C', temporary], quietly);
}, 60_000);

afterAll(() => {
	vi.unstubAllEnvs();
	temporaryPlace.remove();
});

describe("n8n's scanner", () => {
	// A variable, because the scanner has no types.
	const specifier = '@n8n/scan-community-package/scanner/scanner.mjs';

	async function loadScanner(): Promise<Scanner> {
		// With 'test', eslint-plugin-n8n-nodes-base takes every file for one of its own test cases.
		vi.stubEnv('NODE_ENV', 'production');
		// It makes a folder for what it downloads, and leaves it there.
		vi.stubEnv('TMPDIR', temporary);
		return (await import(specifier)) as Scanner;
	}

	it.each([
		['sources', root, undefined],
		['published package', published, ['**/*.js', 'package.json']],
	])('accepts the %s', { timeout: 120_000 }, async (_, folder, patterns) => {
		const { analyzePackage, SOURCE_FILE_PATTERNS } = await loadScanner();
		expect(await analyzePackage(folder, patterns ?? SOURCE_FILE_PATTERNS)).toEqual({
			passed: true,
		});
	});

	it('rejects a package with console and axios', { timeout: 120_000 }, async () => {
		const { analyzePackage } = await loadScanner();
		const folder = join(temporary, 'wrong');
		mkdirSync(folder);
		writeFileSync(join(folder, 'wrong.js'), "console.log(require('axios'));\n");
		expect(await analyzePackage(folder, ['**/*.js'])).toMatchObject({ passed: false });
	});
});

describe('the published package', () => {
	it('the package contains the files that n8n and npm read, and no others', () => {
		const files = filesIn(published);
		const outsideDist = files.filter((path) => !/^dist\/|^CHANGELOG\.md$/.test(path));
		expect(outsideDist.sort()).toEqual(['LICENSE.md', 'README.md', 'package.json']);
		const inDist = files.filter((path) => path.startsWith('dist/'));
		expect(inDist.filter((path) => !/\.(js|json|svg)$/.test(path))).toEqual([]);
		expect(inDist.filter((path) => path.includes('test'))).toEqual([]);
	});

	it('the package contains no file without a source', () => {
		const stale = filesIn(join(published, 'dist')).filter(
			(path) => !existsSync(join(root, path)) && !existsSync(join(root, path.replace(/js$/, 'ts'))),
		);
		expect(stale).toEqual([]);
	});

	it('the package contains the nodes and credentials that it declares', () => {
		const files = filesIn(published);
		const { nodes, credentials } = manifest.n8n;
		expect(nodes).not.toEqual([]);
		expect(credentials).not.toEqual([]);
		expect([...nodes, ...credentials].filter((path) => !files.includes(path))).toEqual([]);
	});

	it('the package contains the icons and codex files of its nodes and credentials', () => {
		const files = filesIn(published);
		const { nodes, credentials } = manifest.n8n;
		for (const path of [...nodes, ...credentials]) {
			const code = readFileSync(join(published, path), 'utf8');
			const icons = [...code.matchAll(/'file:([^']+)'/g)].map(([, icon = '']) =>
				posix.join(dirname(path), icon),
			);
			expect(icons).toHaveLength(2);
			expect(icons.filter((icon) => !files.includes(icon))).toEqual([]);
		}
		const codexFiles = nodes.map((path) => path.replace(/\.js$/, '.json'));
		expect(codexFiles.filter((path) => !files.includes(path))).toEqual([]);
	});

	it('the package depends only on n8n-workflow', () => {
		const shipped = readJson(join(published, 'package.json')) as PackageJson;
		expect(shipped.dependencies).toBeUndefined();
		expect(shipped.optionalDependencies).toBeUndefined();
		expect(shipped.bundleDependencies).toBeUndefined();
		expect(shipped.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('the package requires only itself, n8n-workflow and node:crypto', () => {
		const required = filesIn(published)
			.filter((path) => path.endsWith('.js'))
			.flatMap((path) => {
				const code = readFileSync(join(published, path), 'utf8');
				expect(code, path).not.toMatch(/\bimport\(/);
				return [...code.matchAll(/\brequire\(([^)]*)\)/g)].map(([, argument = '']) => argument);
			});
		expect(required).toContain('"n8n-workflow"');
		const strange = required.filter(
			(argument) => !/^(["'])(\.{1,2}\/.*|n8n-workflow|node:crypto)\1$/.test(argument),
		);
		expect(strange).toEqual([]);
	});
});

describe('the lockfile', () => {
	it('the lockfile names no host to download from', () => {
		const lock = readJson(join(root, 'package-lock.json')) as {
			packages: Record<string, Record<string, unknown>>;
		};
		const packages = Object.entries(lock.packages);
		expect(packages.length).toBeGreaterThan(100);
		const naming = packages.filter(([, entry]) =>
			/"resolved"|https?:|git\+|file:/.test(JSON.stringify({ ...entry, funding: undefined })),
		);
		expect(naming.map(([name]) => name)).toEqual([]);
	});
});
