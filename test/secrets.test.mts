import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What secretlint finds in files of a folder, one line each: `path:line:column: message`. */
async function findings(folder: string, paths: string[]): Promise<string[]> {
	const args = [
		join(root, 'node_modules/secretlint/bin/secretlint.js'),
		'--secretlintrc',
		join(root, '.secretlintrc.json'),
		'--no-glob',
		'--format',
		'unix',
		...paths,
	];
	const output = await new Promise<string>((resolve, reject) => {
		execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
			// 1 means that something was found, and also that Node did not find the program, which says so.
			const isBroken = error !== null && (error.code !== 1 || stderr !== '');
			if (isBroken) reject(new Error(stderr, { cause: error }));
			else resolve(stdout);
		});
	});
	return output.split('\n').filter((line) => line.startsWith('/'));
}

it('the repository holds no keys, no data of real people, and no paths of anybody’s computer', async () => {
	const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
	const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
		.split('\n')
		.filter((path) => path !== '' && !/\.webp$|^package-lock\.json$/.test(path))
		.filter((path) => existsSync(join(root, path)));
	expect(await findings(root, files)).toEqual([]);
});

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Composed here, so that this file itself has none of them. */
const PLANTED = {
	'cobalt-key': `cs_live_${'4f9a'.repeat(6)}`,
	'private-key': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	token: `token = "${'aZ4_9kQx'.repeat(5)}"`,
	'github-token': `ghp_${'a1B2c3D4e5F6'.repeat(3)}`,
	password: ['https://admin', 's3cret@ehr.example.com'].join(':'),
	email: ['jane.smith', 'gmail.com'].join('@'),
	phone: ['(212)', '736-5000'].join(' '),
	'phone-with-dots': ['212', '736', '5000'].join('.'),
	'international-phone': ['+1', '212', '736', '5000'].join('-'),
	'social-security-number': ['123', '45', '6789'].join('-'),
	'home-on-linux': ['', 'home', 'jane', 'work'].join('/'),
	'home-on-a-mac': ['', 'Users', 'jane'].join('/'),
	'home-on-windows': ['C:', 'Users', 'jane'].join('\\'),
};

it('the check finds what is planted, and accepts what stands for it in examples', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
	onTestFinished(() => {
		rmSync(folder, { recursive: true });
	});
	const harmless =
		'jane@example.com (555) 123-4567 518-555-0198 /home/node/.n8n 2025-06-02 cs_live_…';
	const files = { ...PLANTED, harmless };
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	const found = await findings(folder, Object.keys(files));
	const names = found.map((line) => basename(line.split(':')[0] ?? ''));
	expect(new Set(names)).toEqual(new Set(Object.keys(PLANTED)));
});
