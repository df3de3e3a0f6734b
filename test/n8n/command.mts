import { spawn } from 'node:child_process';

export interface CommandOptions {
	readonly cwd: string;
	/** In addition to our own environment. */
	readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command to its end.
 *
 * @returns what it wrote to its standard output
 * @throws {Error} its last words, when it fails
 */
export async function run(
	command: string,
	args: readonly string[],
	{ cwd, env }: CommandOptions,
): Promise<string> {
	const child = spawn(command, args, {
		cwd,
		env: { ...environment(), ...env },
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

/**
 * Our environment without what `npm run` has put into it: npm and n8n would take this repository for
 * theirs. How npm is set up on this machine (registry, proxy) stays.
 */
export function environment(): NodeJS.ProcessEnv {
	const ofNpmRun = /^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|VITEST)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofNpmRun.test(name)));
}
