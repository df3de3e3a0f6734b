/**
 * Leaves out of the lists of a failing scenario, one entry at a time, what it fails without.
 *
 * @returns a scenario that still fails
 */
export async function shrink<Scenario extends object>(
	scenario: Scenario,
	fails: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario> {
	let smallest = scenario;
	for (const [name, value] of Object.entries(scenario)) {
		if (!Array.isArray(value)) continue;
		let list: readonly unknown[] = value;
		for (const entry of [...list].reverse()) {
			const index = list.lastIndexOf(entry);
			const shorter = list.filter((_, at) => at !== index);
			const candidate = { ...smallest, [name]: shorter };
			if (!(await fails(candidate))) continue;
			smallest = candidate;
			list = shorter;
		}
	}
	return smallest;
}
