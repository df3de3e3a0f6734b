import { appointment } from './appointment';
import { job } from './job';
import type { Resource } from './operation';
import { patient } from './patient';

/** Everything that the node can do, in the order of its dropdowns. */
export const resources: readonly Resource[] = [appointment, job, patient];
