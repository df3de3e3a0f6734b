import type { Clinic } from '../../../tools/fake-cobalt/index.mts';
import type { Cost } from '../engine.mts';

export type Kind = 'read' | 'write';

export type ContenderName = 'node' | 'httpRequest' | 'n8nClient' | 'axios';

/** Calls for one contender to make, one for each item. */
export interface CallsTask {
	contender: ContenderName;
	kind: Kind;
	url: string;
	keys: Clinic['keys'];
	/** The id of an appointment to read, or an appointment to create. */
	items: Record<string, string>[];
}

export interface CallsResult extends Cost {
	/** The appointments' ids in the answers, in the order of the items. */
	ids: unknown[];
}
