import type { Installation } from '../../tools/n8n/installation.mts';

/** What every part of the benchmark is given. */
export interface Bench {
	installation: Installation;
	/** Where this package is unpacked, as it is published. */
	packageFolder: string;
	/** The file that npm would upload. */
	tarball: string;
	/** How often everything is measured. */
	rounds: number;
	seed: number;
	/** Whether fewer and smaller runs are enough. */
	isQuick: boolean;
}
