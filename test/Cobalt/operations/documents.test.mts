import type { IBinaryData } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Cobalt } from '../../../tools/fake-cobalt/index.mts';
import {
	keepFile,
	readsOfStoredFiles,
	type BinaryMode,
} from '../../../tools/n8n-host/binaryData.mts';
import { cobaltWorkflow, type Ended } from '../../../tools/n8n-host/workflow.mts';
import { cobaltForTest, retry, runFile, tooManyRequests, type RunOptions } from '../setup.mts';
import { runOperation, writes } from './setup.mts';

const MODES: BinaryMode[] = ['default', 'filesystem'];

const UPLOAD = { patientMrn: '804', folderName: 'Lab Results' };

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);

async function upload(
	cobalt: Cobalt,
	data: IBinaryData,
	options: Omit<RunOptions, 'parameters'> = {},
): Promise<Ended> {
	return await runOperation(
		cobalt,
		'document.upload',
		{ parameters: UPLOAD, files: { data } },
		options,
	);
}

/** The documents that were uploaded, not those that were there before. */
function uploaded(cobalt: Cobalt) {
	return cobalt.world.documents({ folder_name: 'Lab Results' });
}

beforeEach(() => {
	readsOfStoredFiles();
});

describe.each(MODES)("uploads with n8n's binary mode %s", (mode) => {
	const keep = async (file: Partial<Parameters<typeof keepFile>[1]> = {}) =>
		await keepFile(mode, {
			bytes: EVERY_BYTE,
			mimeType: 'application/pdf',
			fileName: 'blood count.pdf',
			...file,
		});

	it('uploads every byte of a file with its name and type', async () => {
		const cobalt = await cobaltForTest();
		const data = await keep();
		expect(data.id === undefined).toBe(mode === 'default');
		const ended = await upload(cobalt, data);
		expect(uploaded(cobalt)).toEqual([
			expect.objectContaining({
				state: 'done',
				filename: 'blood count.pdf',
				mimetype: 'application/pdf',
				bytes: EVERY_BYTE,
			}),
		]);
		expect(ended.json()[0]).toMatchObject({
			document_id: uploaded(cobalt)[0]?.id,
			event_type: 'document.uploaded',
			mrn: '804',
			folder_name: 'Lab Results',
		});
		// Out of the store in pieces, never as a whole.
		expect(readsOfStoredFiles()).toEqual(mode === 'default' ? [] : ['stream']);
	});

	it.each(['Befund Müller – Größe.pdf', '検査結果 🙂.pdf', 'a "b"; c=d, e.pdf', "it's 100%.pdf"])(
		'uploads a file under the name %s',
		async (fileName) => {
			const cobalt = await cobaltForTest();
			await upload(cobalt, await keep({ fileName }));
			expect(uploaded(cobalt)).toEqual([expect.objectContaining({ filename: fileName })]);
		},
	);

	it('names a file without a name after its field', async () => {
		const cobalt = await cobaltForTest();
		await upload(cobalt, await keep({ fileName: undefined, fileExtension: 'pdf' }));
		expect(uploaded(cobalt)).toEqual([expect.objectContaining({ filename: 'data.pdf' })]);
	});

	it('uploads a file of 5 MB', async () => {
		const cobalt = await cobaltForTest();
		const bytes = new Uint8Array(Buffer.alloc(5_000_000, 'Cobalt '));
		const ended = await upload(cobalt, await keep({ bytes }));
		expect(ended.error).toBeUndefined();
		expect(Buffer.from(bytes).equals(uploaded(cobalt)[0]?.bytes ?? new Uint8Array())).toBe(true);
		expect(readsOfStoredFiles()).toEqual(mode === 'default' ? [] : ['stream']);
	});

	it('refuses an empty file before any request', async () => {
		const cobalt = await cobaltForTest();
		const { error } = await upload(cobalt, await keep({ bytes: new Uint8Array() }));
		expect(error?.message).toBe("'Input Data Field Name' refers to an empty file [item 0]");
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('uploads the whole file again after Cobalt was too busy for it', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...tooManyRequests(2), path: '/documents' });
		await upload(cobalt, await keep());
		expect(writes(cobalt)).toHaveLength(2);
		expect(uploaded(cobalt)).toEqual([
			expect.objectContaining({ state: 'done', bytes: EVERY_BYTE }),
		]);
	});

	it('uploads the file of each item', async () => {
		const cobalt = await cobaltForTest();
		const files = [{ data: await keep({ fileName: '1.pdf' }) }, { data: await keep() }];
		const ended = await upload(cobalt, await keep(), { items: [{}, {}], files });
		const names = uploaded(cobalt).map(({ filename }) => filename);
		expect(names.sort()).toEqual(['1.pdf', 'blood count.pdf']);
		expect(ended.json().map(({ document_id }) => document_id)).toEqual(
			['1.pdf', 'blood count.pdf'].map(
				(filename) => cobalt.world.documents({ filename, state: 'done' })[0]?.id,
			),
		);
	});

	describe('Retry On Fail', () => {
		it('does not upload a file again that Cobalt may have accepted', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'dropAfterAccept', path: '/documents' });
			const ended = await upload(cobalt, await keep(), { settings: RETRY });
			expect(ended.error?.message).toContain('may or may not have reached Cobalt');
			expect(uploaded(cobalt)).toHaveLength(1);
			expect(writes(cobalt)).toHaveLength(1);
		});

		it('does not upload a file again when only its result could not be read', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'status', status: 404, path: '/webhook-events' });
			const ended = await upload(cobalt, await keep(), { settings: RETRY });
			expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
			expect(uploaded(cobalt)).toHaveLength(1);
			expect(writes(cobalt)).toHaveLength(1);
		});

		it('uploads every byte of a file again that Cobalt refused', async () => {
			const cobalt = await cobaltForTest();
			cobalt.faults.add({ kind: 'status', status: 400, path: '/documents' });
			const ended = await upload(cobalt, await keep(), { settings: RETRY });
			expect(ended.error).toBeUndefined();
			expect(uploaded(cobalt)).toEqual([expect.objectContaining({ bytes: EVERY_BYTE })]);
		});
	});

	it.each([
		['does not upload again what Cobalt may have accepted', { kind: 'dropAfterAccept' }, 1],
		['uploads what Cobalt refused', { kind: 'status', status: 400 }, 2],
	] as const)('a retried execution %s', async (_, fault, requests) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...fault, path: '/documents' });
		const stopped = await upload(cobalt, await keep());
		expect(stopped.error).toBeDefined();
		await retry(cobalt, stopped);
		expect(uploaded(cobalt)).toEqual([expect.objectContaining({ bytes: EVERY_BYTE })]);
		expect(writes(cobalt)).toHaveLength(requests);
	});
});

describe('a field without a usable file', () => {
	it('refuses a field without a file, and names the fields that have one', async () => {
		const cobalt = await cobaltForTest();
		const file = await keepFile('default', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
		const files = { scan: file, letter: file };
		const { error } = await runOperation(cobalt, 'document.upload', { parameters: UPLOAD, files });
		expect(error?.message).toBe(
			"'Input Data Field Name' does not match a file of this item [item 0]",
		);
		expect(error?.description).toContain('scan, letter');
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('refuses an item without files before any request', async () => {
		const cobalt = await cobaltForTest();
		const { error } = await runOperation(cobalt, 'document.upload', { parameters: UPLOAD });
		expect(error?.message).toBe(
			"'Input Data Field Name' does not match a file of this item [item 0]",
		);
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('refuses a file that n8n has deleted, before any request', async () => {
		const cobalt = await cobaltForTest();
		const kept = await keepFile('filesystem', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
		const { error } = await upload(cobalt, { ...kept, id: `${String(kept.id)}gone` });
		expect(error?.message).toBe(
			"'Input Data Field Name' refers to a file that n8n's storage does not have [item 0]",
		);
		expect(error?.description).toContain('Run the workflow again');
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		['filesystem-v2', 'lost its ID'],
		['s3', 'lost its ID'],
		['database', 'lost its ID'],
		['default', 'lost its ID'],
		['The text of a letter.', 'not base64'],
		[JSON.stringify(Buffer.from('a')), 'not base64'],
		[Buffer.from('a').toJSON(), 'not base64'],
		[undefined, 'not base64'],
	])('refuses a file before any request when its data is %j', async (data, finding) => {
		const cobalt = await cobaltForTest();
		const { error } = await upload(cobalt, {
			data: data as string,
			mimeType: 'application/pdf',
			fileName: 'scan.pdf',
		});
		expect(error?.message).toContain(finding);
		expect(error?.description).toContain('prepareBinaryData');
		expect(cobalt.world.requests()).toEqual([]);
	});

	it('refuses an empty field name and names that every object has', async () => {
		for (const binaryPropertyName of ['={{ "" }}', 'toString']) {
			const cobalt = await cobaltForTest();
			const parameters = { ...UPLOAD, binaryPropertyName };
			const data = await keepFile('default', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
			const { error } = await runOperation(cobalt, 'document.upload', {
				parameters,
				files: { data },
			});
			expect(error?.message).toContain("'Input Data Field Name'");
			expect(cobalt.world.requests()).toEqual([]);
		}
	});
});

it.each(['_files.data', '={{ $json._files.data }}'])(
	"uploads a file that n8n's binary mode 'combined' keeps in the JSON: %s",
	async (binaryPropertyName) => {
		const cobalt = await cobaltForTest();
		const data = await keepFile('filesystem', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
		const file = cobaltWorkflow(
			{ resource: 'document', operation: 'upload', ...UPLOAD, binaryPropertyName },
			{ items: [{ _files: { data: { ...data } } }] },
		);
		file.settings = { ...file.settings, binaryMode: 'combined' };
		const ended = await runFile(cobalt, file);
		expect(ended.error?.message).toBeUndefined();
		expect(uploaded(cobalt)).toEqual([expect.objectContaining({ bytes: EVERY_BYTE })]);
	},
);

it.each([
	[
		'Cobalt',
		{ kind: 'status', status: 413, body: { success: false, message: 'Entity too large' } },
	],
	['a gateway', { kind: 'status', status: 413, body: '<h1>413</h1>' }],
] as const)('says that the file is too large when %s does', async (_, fault) => {
	const cobalt = await cobaltForTest();
	cobalt.faults.add({ ...fault, path: '/documents', times: Infinity });
	const data = await keepFile('default', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
	const { error } = await upload(cobalt, data);
	expect(error?.message).toMatch(/file or a text is too large/);
	expect(error?.message).toContain('was not submitted');
	expect(writes(cobalt)).toHaveLength(1);
	expect(uploaded(cobalt)).toEqual([]);
});

it('reports that the EHR does not know the patient of an upload', async () => {
	const cobalt = await cobaltForTest();
	const data = await keepFile('default', { bytes: EVERY_BYTE, mimeType: 'text/plain' });
	const parameters = { ...UPLOAD, patientMrn: '999' };
	const ended = await runOperation(
		cobalt,
		'document.upload',
		{ parameters, files: { data } },
		{ settings: { onError: 'continueErrorOutput' } },
	);
	expect(ended.json('On Error')).toEqual([
		{
			error: expect.stringContaining('No patient with this MRN') as string,
			details: expect.objectContaining({
				document_id: uploaded(cobalt)[0]?.id,
				job_status: 'failed',
				event_type: 'document.upload_failed',
			}) as object,
		},
	]);
	expect(uploaded(cobalt)).toEqual([expect.objectContaining({ state: 'failed' })]);
});

it.each([
	[{ fileName: '' }, 'data.pdf'],
	[{ fileName: String.raw`C:\fakepath\scan.pdf` }, 'scan.pdf'],
	[{ fileName: '/tmp/scan' }, 'scan.pdf'],
	[{ fileName: 'a\r\nX-Header: "1".pdf' }, 'a__X-Header: "1".pdf'],
	[{ fileName: '..', mimeType: 'image/png' }, 'data.png'],
	[{ mimeType: 'application/pdf; charset=binary' }, 'data.pdf'],
	[{ data: `data:application/pdf;base64,${btoa('%PDF')}`, mimeType: '' }, 'data.pdf'],
])('gives a name to a file with %j', async (file, filename) => {
	const cobalt = await cobaltForTest();
	const given = { data: btoa('%PDF'), mimeType: 'application/pdf', ...file };
	await upload(cobalt, given);
	expect(uploaded(cobalt)).toEqual([
		expect.objectContaining({
			filename,
			mimetype: given.mimeType.startsWith('image') ? 'image/png' : 'application/pdf',
			bytes: new TextEncoder().encode('%PDF'),
		}),
	]);
});

it('uploads base64 that has the line breaks of email', async () => {
	const cobalt = await cobaltForTest();
	const bytes = Uint8Array.from({ length: 600 }, (_, index) => index % 251);
	const data = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
	const files = { data: { data, mimeType: 'application/pdf', fileName: 'mail.pdf' } };
	const parameters = { patientMrn: '44235', folderName: 'Mail', binaryPropertyName: 'data' };
	const ended = await runOperation(cobalt, 'document.upload', { parameters, files });
	expect(ended.json()).toEqual([expect.objectContaining({ job_status: 'completed' })]);
	expect(cobalt.world.documents({ filename: 'mail.pdf' })[0]?.bytes).toEqual(bytes);
});
