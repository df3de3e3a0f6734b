/** What of package.json a release depends on. */
export interface Manifest {
	version: string;
	homepage?: string;
	author?: { email?: string };
	repository?: { url?: string };
	bugs?: { url?: string };
}

/**
 * Addresses that stand in package.json until the real ones are decided. n8n's reviewers compare them with
 * the owner of the repository and of the npm package.
 */
const PLACEHOLDERS = [/\.example$/, /github\.com\/n8n-nodes-cobalt\//];

/**
 * Why a package may not be published under a tag.
 *
 * @returns one sentence for each reason; empty when nothing speaks against it
 */
export function hindrances(tag: string, manifest: Manifest, changelog: string): string[] {
	const { version, homepage, author, repository, bugs } = manifest;
	const addresses = {
		homepage,
		'author.email': author?.email,
		'repository.url': repository?.url,
		'bugs.url': bugs?.url,
	};
	const undecided = Object.entries(addresses).flatMap(([name, address]) =>
		address && !PLACEHOLDERS.some((placeholder) => placeholder.test(address))
			? []
			: [`package.json: '${name}' is missing or a placeholder (${address ?? 'nothing'})`],
	);
	return [
		...(tag === `v${version}` ? [] : [`the tag ${tag} is not v${version}`]),
		...(changelog.includes(`\n## [${version}] - `)
			? []
			: [`CHANGELOG.md has no dated section for ${version}`]),
		...undecided,
	];
}
