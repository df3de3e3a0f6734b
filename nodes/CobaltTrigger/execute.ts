import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { dropProcessed } from './dedupeItems';
import { sampleItems } from './sample/sample';
import { readSettings } from './settings';
import { parametersOfRun } from './settingsSource';

/**
 * Starts every run. n8n calls it with the items of `poll()` or `webhook()`; in a manual run of a polling trigger
 * there are none yet.
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const mode = this.getMode();
	if (mode === 'manual') {
		const settings = readSettings(parametersOfRun(this));
		if (settings.mode === 'polling') return await sampleItems(this, settings);
	}
	const items = this.getInputData();
	// A retry is meant to process its events again.
	return mode === 'trigger' || mode === 'webhook' ? await dropProcessed(this, items) : items;
}
