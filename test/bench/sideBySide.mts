/** Runs something for all of these, so many of them at once. @returns the results in the order of the items */
export async function sideBySide<One, Result>(
	all: readonly One[],
	atOnce: number,
	run: (one: One) => Promise<Result>,
): Promise<Result[]> {
	const results: Result[] = [];
	const left = all.entries();
	const work = async () => {
		for (const [index, one] of left) results[index] = await run(one);
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return results;
}
