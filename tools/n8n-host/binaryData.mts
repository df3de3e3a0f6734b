import type { IBinaryData } from 'n8n-workflow';
import { onTestFinished } from 'vitest';

import { Container, n8nCore } from './n8n.mts';

/** Where n8n stores files: in the items as base64 (`default`), or in a folder under an id. */
export type BinaryMode = 'default' | 'filesystem';

export interface NewFile {
	bytes: Uint8Array;
	mimeType: string;
	fileName?: string;
	fileExtension?: string;
}

const config = Container.get(n8nCore.BinaryDataConfig);
const service = Container.get(n8nCore.BinaryDataService);

const reads: Array<'stream' | 'buffer'> = [];

const getAsStream = service.getAsStream.bind(service);
service.getAsStream = async (...given) => {
	reads.push('stream');
	return await getAsStream(...given);
};

const getAsBuffer = service.getAsBuffer.bind(service);
service.getAsBuffer = async (file) => {
	if (file.id !== undefined) reads.push('buffer');
	return await getAsBuffer(file);
};

async function keepFilesIn(mode: BinaryMode): Promise<void> {
	config.mode = mode;
	await service.init();
}

/** Sets how n8n stores files until the end of the test. */
export async function keepFilesDuringTest(mode: BinaryMode): Promise<void> {
	await keepFilesIn(mode);
	onTestFinished(async () => {
		await keepFilesIn('default');
	});
}

/** The bytes of a file, wherever n8n stores it. */
export async function bytesOfFile(file: IBinaryData): Promise<Buffer> {
	return await service.getAsBuffer(file);
}

/** Stores a file as an earlier node of the execution would in this mode. */
export async function keepFile(mode: BinaryMode, file: NewFile): Promise<IBinaryData> {
	const { bytes, ...about } = file;
	await keepFilesIn(mode);
	return await service.store(
		{ type: 'execution', workflowId: 'workflow', executionId: 'execution' },
		Buffer.from(bytes),
		{ ...about, data: '' },
	);
}

/** How stored files were read since the last call: as streams or as buffers. */
export function readsOfStoredFiles(): Array<'stream' | 'buffer'> {
	return reads.splice(0);
}
