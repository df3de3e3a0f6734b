import { run, type CommandOptions } from './command.mts';

/** Runs npm to its end, quietly. */
export async function npm(args: readonly string[], options: CommandOptions): Promise<string> {
	return await run('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], options);
}
