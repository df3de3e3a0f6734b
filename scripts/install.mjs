// Makes the two commands of the README work on a fresh clone: installs what package-lock.json asks
// for, unless that was done already. Plain JavaScript without imports from outside of Node, for it
// runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.installed-lockfile`;
const wanted = createHash('sha256')
	.update(readFileSync(`${root}package-lock.json`))
	.digest('hex');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
	process.exit(1);
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
	console.log('Installing what this repository needs (once; about 2 minutes) …');
	const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
		cwd: root,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		console.error(
			'The installation did not finish. Check the network, then run the command again.',
		);
		process.exit(1);
	}
	writeFileSync(stamp, wanted);
}
