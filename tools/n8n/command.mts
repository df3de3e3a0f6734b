import { spawn } from 'node:child_process';

export interface CommandOptions {
	readonly cwd: string;
	/** In addition to our own environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** The user it runs as. Default: the current one. */
	readonly user?: SystemUser;
}

/** A user of this machine, for programs that refuse to run as root. */
export interface SystemUser {
	readonly uid: number;
	readonly gid: number;
}

/**
 * Runs a command to its end.
 *
 * @returns what it wrote to its standard output
 * @throws {Error} with the end of its output, if it fails
 */
export async function run(
	command: string,
	args: readonly string[],
	{ cwd, env, user }: CommandOptions,
): Promise<string> {
	const child = spawn(command, args, {
		cwd,
		env: { ...environment(), ...env },
		...user,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	let complaints = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code === 0) return output;
	const lastWords = `${output}\n${complaints}`.trim().split('\n').slice(-20).join('\n');
	throw new Error(`${command} ${args.join(' ')} failed (${code ?? 'killed'}):\n${lastWords}`);
}

const OF_NPM_RUN =
	/^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$|VITEST)/;

const OF_N8N = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|WEBHOOK_URL$|GENERIC_TIMEZONE$|NODE_FUNCTION_)/;

/**
 * The current environment without the variables of `npm run` (npm and n8n would take this repository for theirs) and
 * without the settings of another n8n on this machine, such as its database. npm's own settings (registry, proxy) stay.
 */
export function environment(): NodeJS.ProcessEnv {
	const kept = Object.entries(process.env).filter(
		([name]) => !OF_NPM_RUN.test(name) && !OF_N8N.test(name),
	);
	return Object.fromEntries(kept);
}
