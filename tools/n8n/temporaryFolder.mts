import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atOurEnd } from './ending.mts';

export interface TemporaryFolder {
	readonly path: string;
	remove(): void;
}

/** A new folder for what need not be kept. It is removed when this process ends, at the latest. */
export function temporaryFolder(prefix: string, within = tmpdir()): TemporaryFolder {
	const path = mkdtempSync(join(within, prefix));
	// A process that was killed a moment ago may still write.
	const erase = () => {
		rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	};
	const takeBack = atOurEnd(erase);
	return {
		path,
		remove() {
			takeBack();
			erase();
		},
	};
}
