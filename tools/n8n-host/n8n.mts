/**
 * The real n8n engine, with this package loaded into it the way n8n loads an installed one.
 *
 * n8n-core and n8n-workflow are loaded as CommonJS, because the built nodes `require` that build: an
 * `import` would bring a second copy, whose errors are not `instanceof` the first one's.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import 'reflect-metadata';

import { temporaryFolder } from '../n8n/temporaryFolder.mts';

// Read by n8n-core while it loads.
process.env.N8N_USER_FOLDER = temporaryFolder('n8n-engine-').path;
process.env.N8N_ENCRYPTION_KEY = 'only-for-tests';
process.env.N8N_LOG_LEVEL = 'silent';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The benchmark runs a whole n8n's engine instead, to have n8n's own nodes on it, and this package as it is unpacked
 * beside that.
 */
const { N8N_MODULES = join(repository, 'node_modules'), COBALT_PACKAGE = repository } = process.env;

const require = createRequire(join(N8N_MODULES, 'index.js'));
export const n8nCore = require('n8n-core') as typeof import('n8n-core');
export const n8nWorkflow = require('n8n-workflow') as typeof import('n8n-workflow');

// These are n8n-core's own copies.
const requireOfCore = createRequire(require.resolve('n8n-core'));
export const { Container } = requireOfCore('@n8n/di') as typeof import('@n8n/di');
const { Logger } = requireOfCore('@n8n/backend-common') as {
	Logger: new () => ConstructorParameters<typeof n8nCore.PollTriggerExecutor>[0];
};
export const { CronLoggingConfig } = requireOfCore('@n8n/config') as {
	CronLoggingConfig: new () => ConstructorParameters<typeof n8nCore.ScheduledTaskManager>[2];
};
export const { parseIncomingMessage } = requireOfCore(
	'@n8n/backend-network',
) as typeof import('@n8n/backend-network');

/** The logger that nodes write to. */
export const engineLogger = Container.get(Logger);

async function loadPackage() {
	const loader = new n8nCore.PackageDirectoryLoader(COBALT_PACKAGE);
	await loader.loadAll();
	return loader;
}

/** Node types and credential types by their short names, as built into `dist`. */
export const { nodeTypes, credentialTypes } = await loadPackage();

/** Loads the node types again, as another process would: without the state of the modules here. */
export async function loadNodeTypesAnew() {
	const built = join(COBALT_PACKAGE, 'dist');
	for (const file of Object.keys(require.cache)) {
		if (file.startsWith(built)) Reflect.deleteProperty(require.cache, file);
	}
	return (await loadPackage()).nodeTypes;
}

export const PACKAGE_NAME = 'n8n-nodes-cobalt';
