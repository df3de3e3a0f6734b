import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mts';
import type { Installation } from './installation.mts';
import { npm } from './npm.mts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The fields of a package.json that are read here. */
interface PackageJson {
	name: string;
	version: string;
}

/** The fields of a package.json that n8n removes before it runs npm. */
const NOT_INSTALLED = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

/**
 * Installs the last build of this package into a user folder as n8n's panel does (downloadPackage in its
 * community-packages.service, 2.41.1): packs it, unpacks it among the community nodes, and runs npm there without the
 * dependencies that n8n does not install. Only the download is skipped, for n8n downloads from npm's public registry
 * alone.
 */
export async function installCommunityPackage(userFolder: string): Promise<void> {
	const downloads = join(userFolder, '.n8n', 'nodes');
	mkdirSync(downloads, { recursive: true });
	const { name } = readPackageJson(REPOSITORY);
	const { folder } = await unpackPackage(downloads);
	const unpacked = readPackageJson(folder);
	const kept = Object.entries(unpacked).filter(([key]) => !NOT_INSTALLED.has(key));
	writeFileSync(join(folder, 'package.json'), JSON.stringify(Object.fromEntries(kept)));
	await npm(
		[
			'install',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		{ cwd: folder },
	);
	writeFileSync(
		join(downloads, 'package.json'),
		JSON.stringify({ private: true, dependencies: { [name]: unpacked.version } }),
	);
}

/** A package as it is published. */
export interface UnpackedPackage {
	folder: string;
	/** The file that npm would upload. */
	tarball: string;
}

/**
 * Packs the last build of this package, and unpacks it below a folder's `node_modules`.
 *
 * @param repository another checkout of this package
 */
export async function unpackPackage(
	downloads: string,
	repository = REPOSITORY,
): Promise<UnpackedPackage> {
	const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', downloads], {
		cwd: repository,
	});
	const { name } = readPackageJson(repository);
	const folder = join(downloads, 'node_modules', name);
	mkdirSync(folder, { recursive: true });
	const tarball = join(downloads, packed.trim().split('\n').at(-1) ?? '');
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { cwd: downloads });
	return { folder, tarball };
}

/**
 * Adds the package to n8n's list of community packages, as the panel does after an installation: n8n itself only adds
 * what it has downloaded. Call it once n8n has created its database.
 */
export async function listCommunityPackage(
	{ node, folder }: Installation,
	userFolder: string,
): Promise<void> {
	const { name, version } = readPackageJson(REPOSITORY);
	const statements = [
		`INSERT INTO installed_packages (packageName, installedVersion, createdAt, updatedAt)
			VALUES ('${name}', '${version}', datetime('now'), datetime('now'))`,
		...['Cobalt', 'Cobalt Trigger'].map(
			(title) => `INSERT INTO installed_nodes (name, type, latestVersion, package)
				VALUES ('${title}', '${name}.${nodeName(title)}', 1, '${name}')`,
		),
	];
	const script = `
		const { Database } = require('sqlite3');
		const database = new Database(process.argv[1]);
		database.configure('busyTimeout', 10000);
		database.exec(process.argv[2], (error) => { if (error) throw error; });`;
	const database = join(userFolder, '.n8n', 'database.sqlite');
	await run(node, ['-e', script, database, statements.join(';')], { cwd: folder });
}

/** 'Cobalt Trigger' → 'cobaltTrigger'. */
function nodeName(title: string): string {
	return title.charAt(0).toLowerCase() + title.slice(1).replaceAll(' ', '');
}

function readPackageJson(folder: string): PackageJson {
	return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}
