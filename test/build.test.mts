import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** Not one of the files that npm packs, for the package's own tests run meanwhile. */
const leftover = join(dist, 'leftover.d.ts');

function filesInDist(): string[] {
	return readdirSync(dist, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.filter((path) => path !== leftover && statSync(path).size > 0);
}

it('keeps a complete package in dist during a build, and removes what has no source', async () => {
	const before = filesInDist();
	expect(before.length).toBeGreaterThan(100);
	writeFileSync(leftover, '');
	const build = spawn('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'ignore' });
	const ended = once(build, 'close');
	while (build.exitCode === null) {
		expect(filesInDist()).toEqual(expect.arrayContaining(before));
		await sleep(20);
	}
	expect(await ended).toEqual([0, null]);
	expect(existsSync(leftover)).toBe(false);
});
