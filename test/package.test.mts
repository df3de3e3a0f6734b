import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { credentialTypes, nodeTypes } from './engine/n8n.mts';

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
const temporary = mkdtempSync(join(tmpdir(), 'cobalt-package-'));
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
	rmSync(temporary, { recursive: true, force: true });
});

describe("n8n's scanner", () => {
	// A variable, because the scanner has no types.
	const specifier = '@n8n/scan-community-package/scanner/scanner.mjs';

	it.each([
		['sources', root, undefined],
		['published package', published, ['**/*.js', 'package.json']],
	])('passes the %s', { timeout: 120_000 }, async (_, folder, patterns) => {
		// With 'test', eslint-plugin-n8n-nodes-base takes every file for one of its own test cases.
		vi.stubEnv('NODE_ENV', 'production');
		const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(specifier)) as Scanner;
		expect(await analyzePackage(folder, patterns ?? SOURCE_FILE_PATTERNS)).toEqual({
			passed: true,
		});
	});

	it('would tell if something were wrong', { timeout: 120_000 }, async () => {
		vi.stubEnv('NODE_ENV', 'production');
		const { analyzePackage } = (await import(specifier)) as Scanner;
		const folder = join(temporary, 'wrong');
		mkdirSync(folder);
		writeFileSync(join(folder, 'wrong.js'), "console.log(require('axios'));\n");
		expect(await analyzePackage(folder, ['**/*.js'])).toMatchObject({ passed: false });
	});
});

describe('the published package', () => {
	it('holds what n8n and npm read, and nothing else', () => {
		const files = filesIn(published);
		const outsideDist = files.filter((path) => !/^dist\/|^CHANGELOG\.md$/.test(path));
		expect(outsideDist.sort()).toEqual(['LICENSE.md', 'README.md', 'package.json']);
		const inDist = files.filter((path) => path.startsWith('dist/'));
		expect(inDist.filter((path) => !/\.(js|json|svg)$/.test(path))).toEqual([]);
		expect(inDist.filter((path) => path.includes('test'))).toEqual([]);
	});

	it('holds nothing that has no source any more', () => {
		const stale = filesIn(join(published, 'dist')).filter(
			(path) => !existsSync(join(root, path)) && !existsSync(join(root, path.replace(/js$/, 'ts'))),
		);
		expect(stale).toEqual([]);
	});

	it('holds the nodes and credentials that it announces', () => {
		const files = filesIn(published);
		const { nodes, credentials } = manifest.n8n;
		expect(nodes).not.toEqual([]);
		expect(credentials).not.toEqual([]);
		expect([...nodes, ...credentials].filter((path) => !files.includes(path))).toEqual([]);
	});

	it('holds the icons and the codex files of its nodes and credentials', () => {
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

	it('needs n8n-workflow and nothing else', () => {
		const shipped = readJson(join(published, 'package.json')) as PackageJson;
		expect(shipped.dependencies).toBeUndefined();
		expect(shipped.optionalDependencies).toBeUndefined();
		expect(shipped.bundleDependencies).toBeUndefined();
		expect(shipped.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('requires nothing but itself, n8n-workflow and node:crypto', () => {
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
	it('names no host to download from', () => {
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

const shownFor = (property: INodeProperties, name: string, value: unknown) =>
	property.displayOptions?.show?.[name]?.includes(String(value)) ?? false;

describe('the Cobalt node', () => {
	const type = nodeTypes.cobalt?.type;
	const description = type && 'properties' in type.description ? type.description : undefined;
	const properties = description?.properties ?? [];
	const operationLists = properties.filter((property) => property.name === 'operation');
	const operations = operationLists.flatMap(
		(property) => (property.options ?? []) as INodePropertyOptions[],
	);

	it('uses the credential of this package', () => {
		expect(description?.credentials?.map((credential) => credential.name)).toEqual(
			Object.keys(credentialTypes),
		);
	});

	it('has an action and a description for every operation', () => {
		expect(operations).not.toEqual([]);
		for (const { action, description: text, name: title } of operations) {
			expect(action, title).toMatch(/^[A-Z][^A-Z]/);
			expect(action, title).not.toMatch(/\b(a|an|the)\b/i);
			expect(text, title).toBeTruthy();
			expect(text, title).not.toBe(title);
		}
	});

	it('lists optional fields and options by their names', () => {
		const collections = properties.filter(({ type: kind }) => kind === 'collection');
		expect(collections).not.toEqual([]);
		for (const { options = [], displayName } of collections) {
			const names = options.map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
			expect(names, displayName).toEqual(sorted);
			expect(new Set(names).size).toBe(names.length);
		}
	});

	it('shows required fields first', () => {
		for (const list of operationLists) {
			const [resource] = list.displayOptions?.show?.resource ?? [];
			for (const { value } of (list.options ?? []) as INodePropertyOptions[]) {
				const needed = properties
					.filter((property) => shownFor(property, 'resource', resource))
					.filter((property) => shownFor(property, 'operation', value))
					.map((property) => property.required === true);
				expect(needed).toEqual([...needed].sort((a, b) => Number(b) - Number(a)));
			}
		}
	});

	it('gives no two fields of an operation the same name', () => {
		const places = properties.map((property) =>
			JSON.stringify([property.name, property.displayOptions?.show ?? {}]),
		);
		expect(new Set(places).size).toBe(places.length);
	});
});
