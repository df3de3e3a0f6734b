/** Document: Download, in both of the ways in which n8n keeps files. */
import { createHash } from 'node:crypto';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Cobalt, Document, Fault } from '../../../tools/fake-cobalt/index.mts';
import { bytesOfFile, keepFilesDuringTest } from '../../../tools/n8n-host/binaryData.mts';
import { after } from '../../../tools/n8n-host/virtualTime.mts';
import { connect } from '../../fake-cobalt/setup.mts';
import { cobaltForTest, run, type RunOptions } from '../setup.mts';
import { secondsOf, watched } from './submissions/watched.mts';

const DOWNLOAD = { resource: 'document', operation: 'download', documentId: '={{ $json.id }}' };

async function download(cobalt: Cobalt, ids: unknown[], options: RunOptions = {}) {
	return await watched(
		cobalt,
		async () =>
			await run(cobalt, {
				parameters: DOWNLOAD,
				items: ids.map((id) => ({ id: String(id) })),
				...options,
			}),
	);
}

/** The file of an item, and its bytes as the nodes after it read them. */
async function fileOf(item: INodeExecutionData | undefined, field = 'data') {
	const file = item?.binary?.[field];
	if (!file) throw new Error(`The item has no file in ${field}`);
	return { file, bytes: await bytesOfFile(file) };
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A document of the world: the letter, the picture, the note. */
function documentsOf(cobalt: Cobalt): [Document, Document, Document] {
	const [letter, picture, note] = cobalt.world.documents();
	if (!letter || !picture || !note) throw new Error('The fake Cobalt has too few documents');
	return [letter, picture, note];
}

/** Puts a document into the EHR, past the node. */
async function upload(cobalt: Cobalt, file: File): Promise<Document> {
	const fields = { folder_name: 'Referrals', patient_mrn: '44235', document: file };
	cobalt.ehrWorker.plan({ seconds: 0 });
	await connect(cobalt).upload('/documents', fields);
	const [document] = cobalt.world.documents({ filename: file.name, state: 'done' });
	if (!document) throw new Error('The document did not arrive');
	return document;
}

describe.each(['default', 'filesystem'] as const)("downloads with n8n's binary mode %s", (mode) => {
	beforeEach(async () => {
		await keepFilesDuringTest(mode);
	});

	/** Whether the bytes are where this mode has them. */
	function expectKept({ id, data }: IBinaryData): void {
		expect(id?.startsWith('filesystem-v2:') ?? false).toBe(mode === 'filesystem');
		expect(data === 'filesystem-v2').toBe(mode === 'filesystem');
	}

	it('outputs the bytes of each file with their name and type', async () => {
		const cobalt = await cobaltForTest();
		const documents = documentsOf(cobalt);
		const { ended } = await download(
			cobalt,
			documents.map(({ id }) => id),
		);
		expect(ended.error).toBeUndefined();
		expect(ended.json()).toEqual(documents.map(({ id }) => ({ document_id: id })));
		expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		const files = await Promise.all(ended.items().map(async (item) => await fileOf(item)));
		expect(files.map(({ bytes }) => digest(bytes))).toEqual(
			documents.map(({ bytes }) => digest(bytes)),
		);
		expect(files.map(({ file }) => [file.fileName, file.mimeType])).toEqual([
			['referral-letter.pdf', 'application/pdf'],
			['x-ray.png', 'image/png'],
			// What no file system takes is replaced.
			['Überweisung _neu_.txt', 'text/plain'],
		]);
		for (const { file } of files) expectKept(file);
	});

	it('puts the file into the field that the user chose', async () => {
		const cobalt = await cobaltForTest();
		const [{ id, bytes }] = documentsOf(cobalt);
		const { ended } = await download(cobalt, [id], {
			parameters: { ...DOWNLOAD, binaryPropertyName: 'letter' },
		});
		expect(Object.keys(ended.items()[0]?.binary ?? {})).toEqual(['letter']);
		const kept = await fileOf(ended.items()[0], 'letter');
		expect(digest(kept.bytes)).toBe(digest(bytes));
	});

	it('downloads a large file completely', async () => {
		const cobalt = await cobaltForTest();
		const bytes = Buffer.alloc(5_000_000, 'All the pages of a very long chart. ');
		const { id } = await upload(cobalt, new File([bytes], 'chart.bin'));
		const { ended } = await download(cobalt, [id]);
		const kept = await fileOf(ended.items()[0]);
		expect(kept.bytes.length).toBe(bytes.length);
		expect(digest(kept.bytes)).toBe(digest(bytes));
	});

	it('downloads a JSON document as a file, even if it looks like an error', async () => {
		const cobalt = await cobaltForTest();
		const text = '{"success":false,"message":"A document that looks like an error"}';
		const type = 'application/json';
		const { id } = await upload(cobalt, new File([text], 'export.json', { type }));
		const { ended } = await download(cobalt, [id]);
		const { file, bytes } = await fileOf(ended.items()[0]);
		expect(bytes.toString()).toBe(text);
		expect(file).toMatchObject({ fileName: 'export.json', mimeType: 'application/json' });
	});

	it('requests a file again that was cut off, and outputs all of it', async () => {
		const cobalt = await cobaltForTest();
		const [{ id, bytes }] = documentsOf(cobalt);
		cobalt.faults.add({ kind: 'cut', times: 3 });
		const { ended, requests } = await download(cobalt, [id]);
		expect(ended.error).toBeUndefined();
		expect(secondsOf(requests)).toEqual([0, 1, 3, 7]);
		expect(digest((await fileOf(ended.items()[0])).bytes)).toBe(digest(bytes));
	});

	it('never outputs half of a file', async () => {
		const cobalt = await cobaltForTest();
		const [{ id }] = documentsOf(cobalt);
		cobalt.faults.add({ kind: 'cut', times: Infinity });
		const { ended, requests } = await download(cobalt, [id]);
		expect(ended.error?.message).toBe(
			'Document: Download did not complete: The connection to Cobalt was lost before a response arrived [item 0]',
		);
		expect(ended.items()).toEqual([]);
		expect(requests).toHaveLength(4);
	});
});

describe('the name of a downloaded file', () => {
	async function nameOf(disposition: string | undefined): Promise<string | undefined> {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({
			kind: 'status',
			status: 200,
			body: 'Text',
			headers: {
				'content-type': 'text/plain',
				...(disposition !== undefined && { 'content-disposition': disposition }),
			},
		});
		const { ended } = await download(cobalt, ['abc']);
		return (await fileOf(ended.items()[0])).file.fileName;
	}

	it.each([
		['attachment; filename="a b.txt"', 'a b.txt'],
		['attachment; filename=plain.txt', 'plain.txt'],
		['attachment; filename="x.txt"; filename*=UTF-8\'\'%E6%97%A5%E6%9C%AC.txt', '日本.txt'],
		['attachment; filename*=UTF-8\'\'%E6%97%A5%E6%9C%AC.txt; filename="x.txt"', '日本.txt'],
		['attachment; filename="x.txt"; filename*=UTF-8\'\'%FF.txt', 'x.txt'],
		['attachment; filename="../../etc/passwd.txt"', 'passwd.txt'],
		['attachment; filename="C:\\\\temp\\\\note.txt"', 'note.txt'],
		['attachment; filename="a; b.txt"', 'a; b.txt'],
	])('reads the header %s as the file name %s', async (disposition, name) => {
		expect(await nameOf(disposition)).toBe(name);
	});

	it.each([undefined, 'attachment', 'attachment; filename=""', 'attachment; filename=".."'])(
		'names a file after its ID when the header is %s',
		async (disposition) => {
			expect(await nameOf(disposition)).toMatch(/^document-abc(\.txt)?$/);
		},
	);
});

it('takes the type of a file from the header, not from its name', async () => {
	const cobalt = await cobaltForTest();
	const type = 'application/dicom; charset=binary';
	const { id } = await upload(cobalt, new File(['scan'], 'scan.txt', { type }));
	const { ended } = await download(cobalt, [id]);
	const { file } = await fileOf(ended.items()[0]);
	expect(file).toMatchObject({ fileName: 'scan.txt', mimeType: 'application/dicom' });
});

describe('a response that is not a file', () => {
	it('reports a document that does not exist', async () => {
		const cobalt = await cobaltForTest();
		const { ended, requests } = await download(cobalt, ['abc']);
		expect(ended.error?.message).toBe(
			'Document: Download did not complete: Cobalt did not find what was requested: Document not found [item 0]',
		);
		expect(requests).toHaveLength(1);
	});

	it.each<[string, Fault, string, number]>([
		[
			'JSON',
			{ kind: 'status', status: 200, body: { success: true } },
			'Cobalt did not return a file (HTTP 200)',
			1,
		],
		[
			'a refusal',
			{ kind: 'status', status: 200, body: { success: false, message: 'Not yet.' } },
			'Cobalt rejected the request: Not yet.',
			1,
		],
		[
			'a web page',
			{ kind: 'html' },
			'Something in between responded instead of Cobalt (HTTP 200, a web page)',
			4,
		],
		[
			'a web page of a gateway',
			{ kind: 'status', status: 502, body: '<html></html>' },
			'Something in between responded instead of Cobalt (HTTP 502, a web page)',
			4,
		],
		[
			'too many requests',
			{ kind: 'status', status: 429 },
			'Cobalt is limiting requests (HTTP 429)',
			7,
		],
		[
			'a cut connection',
			{ kind: 'drop' },
			'The connection to Cobalt was lost before a response arrived',
			4,
		],
	])('fails when the response is not a file but %s', async (_, fault, message, times) => {
		const cobalt = await cobaltForTest();
		const [{ id }] = documentsOf(cobalt);
		cobalt.faults.add({ ...fault, times: Infinity });
		const { ended, requests } = await download(cobalt, [id]);
		expect(ended.error?.message).toBe(`Document: Download did not complete: ${message} [item 0]`);
		expect(requests).toHaveLength(times);
	});

	it('reports an expired EHR login', async () => {
		const cobalt = await cobaltForTest();
		const [{ id }] = documentsOf(cobalt);
		cobalt.world.settings.loginExpired = true;
		const { ended } = await download(cobalt, [id]);
		expect(ended.error?.message).toBe(
			'Document: Download did not complete: The EHR login for this access token has expired [item 0]',
		);
	});

	it('sends a failed item to the error output, and outputs the files of the others', async () => {
		const cobalt = await cobaltForTest();
		const [{ id }, { id: other }] = documentsOf(cobalt);
		const { ended } = await download(cobalt, [id, 'abc', other], {
			settings: { onError: 'continueErrorOutput' },
		});
		expect(ended.items().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(ended.items('Cobalt', 1)).toEqual([
			expect.objectContaining({ pairedItem: { item: 1 } }),
		]);
		expect(ended.items('Cobalt', 1)[0]?.binary).toBeUndefined();
	});
});

it('encodes a slash in the document ID', async () => {
	const cobalt = await cobaltForTest();
	const { ended, requests } = await download(cobalt, ['../providers']);
	expect(ended.error?.message).toContain('Cobalt did not find what was requested');
	expect(requests.map(({ path }) => path)).toEqual(['/documents/..%2Fproviders']);
});

it('stops waiting for Cobalt when the execution is cancelled', async () => {
	const cobalt = await cobaltForTest();
	const [{ id }] = documentsOf(cobalt);
	cobalt.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '50' } });
	const { ended, requests } = await download(cobalt, [id], {
		meanwhile: (execution) => {
			after(10, execution.cancel);
		},
	});
	expect(ended.run.status).toBe('canceled');
	expect(requests).toHaveLength(1);
});
