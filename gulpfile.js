const { spawn } = require('node:child_process');
const { mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { mkdir, readFile, rename, rm } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');

/**
 * Every `npm run …` builds first, and another command may pack or load `dist` at that moment. So a build
 * is made in a folder of its own (in the same file system, for the renames), and each file that differs
 * then replaces the one in `dist` in one step: `dist` always holds a whole package.
 */
const cache = join('node_modules', '.cache', 'n8n-nodes-cobalt');

let built = '';

async function prepare() {
	await mkdir(cache, { recursive: true });
	built = mkdtempSync(join(cache, 'build-'));
	process.once('exit', () => rmSync(built, { recursive: true, force: true }));
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
}

function compile(done) {
	const tsc = require.resolve('typescript/bin/tsc');
	const child = spawn(process.execPath, [tsc, '--noEmitOnError', '--outDir', built], {
		stdio: 'inherit',
	});
	child.once('error', done);
	child.once('close', (code) => done(code === 0 ? undefined : new Error('tsc found errors')));
}

/** tsc writes only JavaScript: what n8n reads beside it is copied into the same tree. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest(join(built, 'icons')));
const nodeFiles = () => src('nodes/**/*.json').pipe(dest(join(built, 'nodes')));

async function replace() {
	const files = filesIn(built);
	for (const file of files) {
		const [from, to] = [join(built, file), join('dist', file)];
		if (await isSame(from, to)) continue;
		await mkdir(dirname(to), { recursive: true });
		await rename(from, to);
	}
	// What a renamed source left behind must not be packed.
	const current = new Set(files);
	for (const file of filesIn('dist')) {
		if (!current.has(file)) await rm(join('dist', file), { force: true });
	}
}

/** Paths relative to the folder. */
function filesIn(folder) {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function isSame(one, other) {
	const [expected, found] = await Promise.all([
		readFile(one),
		readFile(other).catch(() => undefined),
	]);
	return found !== undefined && expected.equals(found);
}

exports.build = series(prepare, compile, parallel(icons, nodeFiles), replace);
