import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../../dist/nodes', import.meta.url));

/** As V8 runs regular expressions once a process has more than a few megabytes of them. */
const UNOPTIMIZED = '--no-regexp-optimization';

const FILE_MB = 25;

it.each(['A', 'AAAA\n', '-AAA', ' '])(
	'reads a file of %j in a process with many regular expressions',
	(piece) => {
		const program = `
		const { readBase64 } = require(${JSON.stringify(join(built, 'Cobalt/parameters/base64.js'))});
		const text = ${JSON.stringify(piece)}.repeat(${FILE_MB * 1_000_000} / ${piece.length});
		console.log(readBase64(text).size);
	`;
		const characters = piece.trim().length / piece.length;
		const size = execFileSync(process.execPath, [UNOPTIMIZED, '-e', program], { encoding: 'utf8' });
		expect(Number(size)).toBe(FILE_MB * 1_000_000 * characters * 0.75);
	},
);
