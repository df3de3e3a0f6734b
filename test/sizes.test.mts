import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files of this repository, with paths from its root; a deleted one stays listed until it is committed. */
const files = execFileSync(
	'git',
	['ls-files', 'credentials', 'nodes', 'test', 'tools', 'scripts'],
	{
		cwd: root,
		encoding: 'utf8',
	},
)
	.split('\n')
	.filter((path) => path !== '' && existsSync(join(root, path)));

const isProduct = (path: string) => /^(credentials|nodes)\//.test(path);

it('no file of the product has more than 250 lines, and no other program or test more than 400', () => {
	const tooLong = files
		.filter((path) => /\.m?ts$/.test(path))
		.map((path) => ({
			path,
			lines: readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length,
		}))
		.filter(({ path, lines }) => lines > (isProduct(path) ? 250 : 400));
	expect(tooLong).toEqual([]);
});

it('no folder has more than 14 files, except the one with a file for each resource', () => {
	const counts = new Map<string, number>();
	for (const path of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
	counts.delete('nodes/Cobalt/resources');
	expect([...counts].filter(([, count]) => count > 14)).toEqual([]);
});
