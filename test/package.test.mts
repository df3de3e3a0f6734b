import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyMode,
	INodePropertyOptions,
} from 'n8n-workflow';

import { fieldsOf, methodOf } from '../nodes/Cobalt/declarations/operation.js';
import { resources } from '../nodes/Cobalt/resources/index.js';
import { credentialTypes, nodeTypes } from '../tools/n8n-host/n8n.mts';
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
	])('passes the %s', { timeout: 120_000 }, async (_, folder, patterns) => {
		const { analyzePackage, SOURCE_FILE_PATTERNS } = await loadScanner();
		expect(await analyzePackage(folder, patterns ?? SOURCE_FILE_PATTERNS)).toEqual({
			passed: true,
		});
	});

	it('would tell if something were wrong', { timeout: 120_000 }, async () => {
		const { analyzePackage } = await loadScanner();
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

function descriptionOf(name: string) {
	const type = nodeTypes[name]?.type;
	return type && 'properties' in type.description ? type.description : undefined;
}

const description = descriptionOf('cobalt');
const properties = description?.properties ?? [];
const trigger = descriptionOf('cobaltTrigger');
const triggerProperties = trigger?.properties ?? [];

describe('the Cobalt node', () => {
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
			expect(action, title).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
			expect(action, title).not.toMatch(/\b(a|an|the)\b/i);
			expect(text, title).toBeTruthy();
			expect(text, title).not.toBe(title);
		}
	});

	it('lists optional fields and options by their names', () => {
		const collections = [...properties, ...triggerProperties].filter(
			({ type: kind }) => kind === 'collection',
		);
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
					// What is shown in some cases only is not marked: see required() in resources/field.ts.
					.filter(({ displayOptions }) => Object.keys(displayOptions?.show ?? {}).length === 2)
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

describe('the trigger node', () => {
	it('uses the credential of this package', () => {
		expect(trigger?.credentials?.map((credential) => credential.name)).toEqual(
			Object.keys(credentialTypes),
		);
	});

	it('is not marked as polling: n8n would then show its own poll times in both modes', () => {
		expect(trigger?.polling).toBeUndefined();
	});

	it('has poll times in every case, for the engine demands them', () => {
		const cases = [
			{ mode: 'polling' },
			{ mode: 'webhook', recoverMissedEvents: true },
			{ mode: 'webhook', recoverMissedEvents: false },
		];
		for (const values of cases) {
			const shown = triggerProperties
				.filter(({ name }) => name === 'pollTimes')
				.filter(({ displayOptions }) =>
					Object.entries(displayOptions?.show ?? {}).every(([name, allowed]) =>
						(allowed as unknown[]).includes((values as Record<string, unknown>)[name]),
					),
				);
			expect(shown).toHaveLength(1);
		}
	});

	it('describes every event type, by its group', () => {
		const events = triggerProperties.find(({ name }) => name === 'events');
		const types = (events?.options ?? []) as INodePropertyOptions[];
		expect(types.length).toBeGreaterThan(20);
		for (const { name, value, description: text } of types) {
			expect(text, name).toBeTruthy();
			if (!['all', 'other'].includes(String(value))) {
				expect(name).toMatch(/^(Account|EHR|EHR or Operation|Operation): /);
				expect(value).toMatch(/^[a-z_]+(\.[a-z_]+)+$/);
			}
		}
	});
});

/** The properties inside a property. */
function innerOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type !== 'fixedCollection') return [];
	return (options as INodePropertyCollection[]).flatMap(({ values }) => values);
}

const withInner = (property: INodeProperties): INodeProperties[] => [
	property,
	...innerOf(property).flatMap(withInner),
];

const choicesOf = ({ type, options = [] }: INodeProperties): INodePropertyOptions[] =>
	type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];

/** n8n's lint rules see texts only where they are written out: these are put together. */
describe("the nodes' texts follow n8n's rules for", () => {
	const all = [...properties, ...triggerProperties]
		// n8n's own, with its own texts.
		.map((property) => (property.name === 'pollTimes' ? { ...property, options: [] } : property))
		.flatMap(withInner);
	const ofType = (...types: string[]) => all.filter(({ type }) => types.includes(type));
	const modes: INodePropertyMode[] = all.flatMap((property) => property.modes ?? []);
	const choices = all.flatMap(choicesOf);
	// A notice has its text where others have their name.
	const named = all.filter(({ type }) => type !== 'notice');
	const labels = [...named, ...modes].map(({ displayName }) => displayName);
	const texts = [
		...[...all, ...choices].map((shown) => shown.description ?? ''),
		...[...all, ...modes].map(({ hint }) => hint ?? ''),
	];
	const not = (pattern: RegExp, found: Array<string | undefined>) =>
		found.filter((text = '') => !pattern.test(text));

	it('switches', () => {
		const switches = ofType('boolean').map((property) => property.description);
		expect(switches).not.toEqual([]);
		expect(not(/^Whether /, switches)).toEqual([]);
	});

	it('placeholders', () => {
		const placeholders = ofType('string', 'number', 'dateTime', 'json').flatMap(
			({ placeholder }) => placeholder ?? [],
		);
		const ofModes = (isList: boolean) =>
			modes
				.filter(({ type }) => (type === 'list') === isList)
				.map(({ placeholder }) => placeholder);
		expect(placeholders).not.toEqual([]);
		expect(not(/^e\.g\. \S/, [...placeholders, ...ofModes(false)])).toEqual([]);
		expect(not(/^Select an? .*…$/, ofModes(true))).toEqual([]);
		const buttons = ofType('collection', 'fixedCollection').map(({ placeholder }) => placeholder);
		expect(not(/^Add \w+$/, buttons)).toEqual([]);
	});

	it('sentences', () => {
		const wrong = texts.filter((text) => {
			const hasSeveral = /[.?!] \S/.test(text.replaceAll('e.g. ', ''));
			return text.endsWith('.') !== hasSeveral;
		});
		expect(wrong).toEqual([]);
		expect(texts.filter((text) => /^[a-z]|\s$|^\s| {2}/.test(text))).toEqual([]);
	});

	it('names', () => {
		const small = /^(a|an|and|as|at|but|by|for|if|in|of|on|or|per|the|to|via|vs|with)$/i;
		const isTitle = (text: string) =>
			text.split(' ').every((word, index, { length }) => {
				const isInside = index > 0 && index < length - 1;
				if (isInside && small.test(word)) return word === word.toLowerCase();
				return /^\(?[A-Z0-9]/.test(word);
			});
		const names = [...labels, ...choices.map(({ name }) => name)];
		expect(names.filter((text) => !isTitle(text))).toEqual([]);
		expect(labels.filter((text) => /error|problem|failure|mistake/i.test(text))).toEqual([]);
	});

	it('lists that n8n asks Cobalt for', () => {
		const dynamic = ofType('options', 'multiOptions').filter(
			({ typeOptions }) => typeOptions?.loadOptionsMethod,
		);
		expect(dynamic).not.toEqual([]);
		for (const { displayName, type, description: text } of dynamic) {
			const [name, advice] =
				type === 'options' ? [/ Name or ID$/, 'an ID'] : [/ Names or IDs$/, 'IDs'];
			expect(displayName).toMatch(name);
			expect(text, displayName).toContain(
				`Choose from the list, or specify ${advice} using an <a href="https://docs.n8n.io/code/expressions/">expression</a>`,
			);
		}
	});

	it('the order of five options and more', () => {
		const long = all.map(choicesOf).filter(({ length }) => length >= 5);
		expect(long).not.toEqual([]);
		for (const options of long) {
			const names = options.map(({ name }) => name);
			const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
			expect(names).toEqual(sorted);
		}
	});
});

describe("the Cobalt node's texts", () => {
	const operations = resources.flatMap((resource) =>
		resource.operations.map((operation) => ({
			...operation,
			title: `${resource.name}: ${operation.name}`,
			endpoint: `${methodOf(operation)} ${operation.path}`,
			all: fieldsOf(operation),
		})),
	);
	const allFields = operations.flatMap(({ all }) => all);

	/** Which of these operations do not say it. */
	const silent = (pattern: RegExp, wanted: (operation: (typeof operations)[number]) => boolean) => {
		const found = operations.filter(wanted);
		expect(found).not.toEqual([]);
		return found
			.filter((operation) => !pattern.test(operation.description))
			.map(({ title }) => title);
	};

	it('say that something is really created, sent or written in the EHR', () => {
		const silentOnes = silent(
			/\breal\b|\bstays\b|patient's chart/i,
			({ kind, endpoint }) => kind === 'submission' && /^POST (?!.*\/fetch$)/.test(endpoint),
		);
		expect(silentOnes).toEqual([]);
	});

	it('say that something is changed in the EHR', () => {
		const silentOnes = silent(
			/\bin the EHR\b/,
			({ kind, endpoint }) => kind === 'submission' && endpoint.startsWith('PATCH '),
		);
		expect(silentOnes).toEqual([]);
	});

	it('say that something is canceled or gone', () => {
		const silentOnes = silent(
			/\bcancel\b|\bgone\b/i,
			({ value, endpoint }) => value === 'cancel' || endpoint.startsWith('DELETE '),
		);
		expect(silentOnes).toEqual([]);
	});

	it.each([
		'POST /claims',
		'POST /referrals',
		'PATCH /patients/{patient_mrn}/insurances/{emr_insurance_id}',
		'POST /appointments/fetch',
		'POST /patients/fetch',
	])('say that one EHR only has %s', (endpoint) => {
		expect(silent(/\bIn eClinicalWorks only\./, (one) => one.endpoint === endpoint)).toEqual([]);
	});

	it.each(['pcp_id', 'referring_provider_id', 'responsible_party', 'prevent_double_booking'])(
		'say which EHRs know %s',
		(wanted) => {
			const descriptions = allFields
				.filter(({ key }) => key === wanted)
				.map(({ property }) => property.description);
			expect(descriptions).not.toEqual([]);
			for (const text of descriptions) expect(text).toContain('eClinicalWorks');
		},
	);

	it.each(['structured', 'insurances'])('say which EHR knows the option %s', (wanted) => {
		const options = allFields.flatMap(({ property }) => choicesOf(property));
		const descriptions = options
			.filter(({ value }) => value === wanted)
			.map((option) => option.description);
		expect(descriptions).not.toEqual([]);
		for (const text of descriptions) expect(text).toContain('eClinicalWorks only');
	});

	it('give examples that the field takes', () => {
		const refused = allFields.filter(({ property, read }) => {
			const entered = property.modes?.filter(({ type }) => type !== 'list') ?? [property];
			return entered.some(({ placeholder }) => {
				if (placeholder === undefined) return false;
				try {
					return read(placeholder.replace('e.g. ', ''), { timezone: 'utc' }) === undefined;
				} catch {
					return true;
				}
			});
		});
		expect(refused.map(({ property }) => property.displayName)).toEqual([]);
	});
});
