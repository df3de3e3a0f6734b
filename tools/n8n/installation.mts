import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { run } from './command.mts';
import type { Edition } from './editions.mts';
import { npm } from './npm.mts';
import { temporaryFolder } from './temporaryFolder.mts';

/** A whole n8n with the Node that it runs on, ready to be started. */
export interface Installation {
	readonly folder: string;
	readonly node: string;
	/** The script of n8n's command line. */
	readonly n8n: string;
	/** PATH for child processes of this n8n, with its own Node first. */
	readonly path: string;
}

/** Called with each step, for an installation takes minutes. */
export type Progress = (step: string) => void;

const ATTEMPTS = 3;

/** Where installations are kept, outside of the repository: N8N_CACHE, or the user's cache folder. */
function cacheFolder(): string {
	const { N8N_CACHE, XDG_CACHE_HOME } = process.env;
	return N8N_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-cobalt');
}

/**
 * Returns an edition's installation from the cache, or installs it there, which takes five to nine minutes. It appears
 * in the cache only when it is complete.
 *
 * @throws {Error} with npm's output, after three failed attempts
 */
export async function install(
	edition: Edition,
	progress: Progress = () => undefined,
): Promise<Installation> {
	const folder = join(cacheFolder(), `n8n-${edition.n8n}-node-${edition.node}`);
	if (!existsSync(folder)) await installInto(folder, edition, progress);
	return installationIn(folder);
}

async function installInto(folder: string, edition: Edition, progress: Progress): Promise<void> {
	const cache = dirname(folder);
	mkdirSync(cache, { recursive: true });
	// On the same file system, so that it can be renamed.
	const partial = temporaryFolder('partial-', cache);
	try {
		for (let attempt = 1; ; attempt++) {
			try {
				await attemptInstallation(partial.path, edition, progress);
				break;
			} catch (error) {
				if (attempt === ATTEMPTS) throw error;
				progress(`That did not work; attempt ${attempt + 1} of ${ATTEMPTS}`);
			}
		}
		// Another process may have installed it meanwhile.
		if (!existsSync(folder)) renameSync(partial.path, folder);
	} finally {
		partial.remove();
	}
}

async function attemptInstallation(
	folder: string,
	edition: Edition,
	progress: Progress,
): Promise<void> {
	const node = nodePackage();
	writeFileSync(
		join(folder, 'package.json'),
		JSON.stringify({
			private: true,
			dependencies: { n8n: edition.n8n, [node]: edition.node },
			overrides: edition.overrides,
		}),
	);
	progress(`Installing n8n ${edition.n8n} with its own Node ${edition.node}`);
	// Most install scripts of n8n's dependencies only fetch optional parts, and some fail.
	await npm(['install', '--ignore-scripts', '--omit=optional'], { cwd: folder });
	const { node: ownNode, path } = installationIn(folder);
	progress('Building SQLite for it');
	await npm(['rebuild', 'sqlite3'], {
		cwd: folder,
		env: {
			PATH: path,
			npm_config_ignore_scripts: 'false',
			npm_config_nodedir: join(folder, 'node_modules', node),
		},
	});
	await run(ownNode, ['-e', 'require("sqlite3")'], { cwd: folder });
}

function nodePackage(): string {
	return `node-${process.platform}-${process.arch}`;
}

function installationIn(folder: string): Installation {
	const modules = join(folder, 'node_modules');
	const bin = join(modules, nodePackage(), 'bin');
	return {
		folder,
		node: join(bin, 'node'),
		n8n: join(modules, 'n8n', 'bin', 'n8n'),
		path: `${bin}:${process.env.PATH ?? ''}`,
	};
}
