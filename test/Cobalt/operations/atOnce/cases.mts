import type { World } from '../../../../tools/fake-cobalt/index.mts';
import { accountCases } from './accountCases.mts';
import type { Case } from './case.mts';
import { changeCases } from './changeCases.mts';
import { chartCases } from './chartCases.mts';

/** One case for each operation that Cobalt answers at once, in the account of `busyCobalt`. Keys are `resource: operation`. */
export const casesAtOnce: Record<string, (world: World) => Case> = {
	...chartCases,
	...accountCases,
	...changeCases,
};
