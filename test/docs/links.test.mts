import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
	.split('\n')
	.filter((path) => path !== '');

/** Without code, in which brackets are no links and `#` starts no heading. */
const proseOf = (page: string): string =>
	readFileSync(join(root, page), 'utf8')
		.replaceAll(/^```.*?^```/gms, '')
		.replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]]/g, ''));

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
	const seen = new Map<string, number>();
	return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
		const anchor = heading
			.trim()
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(/\s/g, '-');
		const before = seen.get(anchor) ?? 0;
		seen.set(anchor, before + 1);
		return before === 0 ? anchor : `${anchor}-${before}`;
	});
}

/** Why a link of a page leads nowhere, or nothing. Links to other hosts are not followed. */
function brokenness(page: string, link: string): string | undefined {
	if (/^[a-z]+:/.test(link)) return undefined;
	const [path = '', anchor] = link.split('#');
	const target = path === '' ? page : relative(root, join(root, dirname(page), path));
	if (!existsSync(join(root, target))) return 'there is no such file';
	if (anchor !== undefined && !anchorsOf(target).includes(anchor)) return 'no such heading';
	return undefined;
}

describe('the links of the Markdown files', () => {
	it.each(pages)('%s has no broken links', (page) => {
		const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
		const broken = links.flatMap((link) => {
			const reason = brokenness(page, link);
			return reason === undefined ? [] : [`${link}: ${reason}`];
		});
		expect(broken).toEqual([]);
	});

	it('finds a link to a missing file and to a missing heading', () => {
		expect(brokenness('README.md', 'docs/no-such-page.md')).toBe('there is no such file');
		expect(brokenness('README.md', '#no-such-heading')).toBe('no such heading');
		expect(brokenness('docs/waiting.md', '../README.md')).toBeUndefined();
	});
});
