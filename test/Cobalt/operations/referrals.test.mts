import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import {
	keepFile,
	readsOfStoredFiles,
	type BinaryMode,
} from '../../../tools/n8n-host/binaryData.mts';
import { cobaltForTest } from '../setup.mts';
import { byId, runOperation, sent, writes } from './setup.mts';

const MODES: BinaryMode[] = ['default', 'filesystem'];

const REFERRAL = {
	patientMrn: '804',
	direction: 'incoming',
	fromReferringProvider: '401',
	toProvider: '118',
	priority: 'urgent',
	reason: 'Evaluation of a murmur',
};

const withFiles = (binaryPropertyNames: string): INodeParameters => ({
	...REFERRAL,
	additionalFields: { binaryPropertyNames },
});

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };

const MB = 1_000_000;

/** As JSON has it: a third larger. */
const LARGEST = 18.7 * MB;

const big = async (mode: BinaryMode, size: number) =>
	await keepFile(mode, { bytes: Buffer.alloc(size, 'x'), mimeType: 'text/plain' });

describe.each([
	['incoming', '401', '118', { from: 'fromReferringProvider', to: 'toProvider' }],
	['outgoing', '118', '401', { from: 'fromProvider', to: 'toReferringProvider' }],
])('an %s referral', (direction, from, to, names) => {
	it('sends a referral from one side to the other', async () => {
		const cobalt = await cobaltForTest();
		const sides = {
			[names.from]: byId(`={{ "${from}" }}`),
			[names.to]: byId(to),
		};
		const ended = await runOperation(cobalt, 'referral.create', {
			parameters: { ...REFERRAL, direction, ...sides },
		});
		const id = ended.json()[0]?.referral_id as string;
		expect(cobalt.world.referrals({ id })).toEqual([
			expect.objectContaining({ direction, from_provider_ehr_id: from, to_provider_ehr_id: to }),
		]);
	});

	it.each([['0'], ['={{ 0 }}']])('sends a referral with nobody on one side: %s', async (nobody) => {
		const cobalt = await cobaltForTest();
		const sides = {
			[names.from]: byId(nobody),
			[names.to]: to,
		};
		await runOperation(cobalt, 'referral.create', {
			parameters: { ...REFERRAL, direction, ...sides },
		});
		expect(sent(cobalt).body).toMatchObject({
			referring_from_provider_ehr_id: '0',
			referring_to_provider_ehr_id: to,
		});
		expect(cobalt.world.referrals({ from_provider_ehr_id: '0' })).toHaveLength(1);
	});

	it('refuses an empty side before any request', async () => {
		const cobalt = await cobaltForTest();
		const sides = {
			[names.from]: byId('={{ "" }}'),
			[names.to]: '118',
		};
		const { error } = await runOperation(cobalt, 'referral.create', {
			parameters: { ...REFERRAL, direction, ...sides },
		});
		expect(error?.message).toBe("'From Provider' is empty [item 0]");
		expect(cobalt.world.requests()).toEqual([]);
	});
});

it('does not use what was picked for the other direction', async () => {
	const cobalt = await cobaltForTest();
	const parameters = { ...REFERRAL, direction: 'outgoing' };
	const { error } = await runOperation(cobalt, 'referral.create', { parameters });
	expect(error?.message).toBe("'From Provider' is empty [item 0]");
	expect(cobalt.world.requests()).toEqual([]);
});

it('accepts the direction in any case', async () => {
	const cobalt = await cobaltForTest();
	const parameters = { ...REFERRAL, direction: '={{ "Incoming" }}' };
	await runOperation(cobalt, 'referral.create', { parameters });
	expect(sent(cobalt).body).toMatchObject({
		direction: 'incoming',
		referring_from_provider_ehr_id: '401',
		referring_to_provider_ehr_id: '118',
	});
});

describe.each(MODES)("files with n8n's binary mode %s", (mode) => {
	it('sends files in the order of their names, byte by byte', async () => {
		const cobalt = await cobaltForTest();
		const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
		const letter = { bytes, fileName: 'Überweisung 検査.pdf', mimeType: 'application/pdf' };
		const files = {
			data: await keepFile(mode, letter),
			data1: await keepFile(mode, { bytes: Buffer.from('x'), mimeType: 'text/plain' }),
			unused: await keepFile(mode, letter),
		};
		readsOfStoredFiles();
		const parameters = withFiles('data1, data');
		const ended = await runOperation(cobalt, 'referral.create', { parameters, files });
		expect(ended.error).toBeUndefined();
		expect(sent(cobalt).body).toMatchObject({
			documents: [
				{ filename: 'data1.txt', content_base64: 'eA==' },
				{
					filename: 'Überweisung 検査.pdf',
					content_base64: Buffer.from(bytes).toString('base64'),
				},
			],
		});
		expect(cobalt.world.documents({ filename: 'Überweisung 検査.pdf' })).toEqual([
			expect.objectContaining({ state: 'done', bytes }),
		]);
		expect(readsOfStoredFiles()).toEqual(mode === 'default' ? [] : ['stream', 'stream']);
	});

	it('sends files up to the 25 MB of a request', async () => {
		const cobalt = await cobaltForTest();
		const parameters = withFiles('data');
		const files = { data: await big(mode, LARGEST) };
		const ended = await runOperation(cobalt, 'referral.create', { parameters, files });
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.documents({ filename: 'data.txt' })[0]?.bytes).toHaveLength(LARGEST);
	});

	it.each([
		['one', 'data', 19 * MB],
		['several together', 'data,data1', 9.5 * MB],
	])('refuses files beyond 25 MB before any request: %s', async (_, names, size) => {
		const cobalt = await cobaltForTest();
		const parameters = withFiles(names);
		const files = { data: await big(mode, size), data1: await big(mode, size) };
		readsOfStoredFiles();
		const { error } = await runOperation(cobalt, 'referral.create', { parameters, files });
		expect(error?.message).toContain("'Input Data Field Names' makes the request larger than");
		expect(error?.message).toContain('25 MB');
		expect(cobalt.world.requests()).toEqual([]);
		expect(readsOfStoredFiles()).toEqual([]);
	});

	it('refuses an empty, a missing and a lost file before any request', async () => {
		const cobalt = await cobaltForTest();
		const files = {
			data: await keepFile(mode, { bytes: Buffer.from('x'), mimeType: 'text/plain' }),
			empty: await keepFile(mode, { bytes: Buffer.alloc(0), mimeType: 'text/plain' }),
			lost: { data: 'filesystem-v2', mimeType: 'application/pdf', fileName: 'scan.pdf' },
		};
		for (const [names, message] of [
			['data, empty', 'refers to an empty file'],
			['data, gone', 'does not match a file of this item'],
			[
				'data, lost',
				"refers to a file that has lost its ID in n8n's storage, and with it its contents",
			],
		] as const) {
			const parameters = withFiles(names);
			const { error } = await runOperation(cobalt, 'referral.create', { parameters, files });
			expect(error?.message).toBe(`'Input Data Field Names' ${message} [item 0]`);
		}
		expect(cobalt.world.requests()).toEqual([]);
	});

	it.each([
		['when Cobalt may have accepted it', { kind: 'dropAfterAccept', path: '/referrals' }, 1],
		[
			'when the result was not readable',
			{ kind: 'status', status: 404, path: '/webhook-events' },
			1,
		],
		['when Cobalt refused the referral', { kind: 'status', status: 400, path: '/referrals' }, 2],
	] as const)('sends files once with Retry On Fail %s', async (_, fault, requests) => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add(fault);
		const before = cobalt.world.referrals().length;
		const data = await keepFile(mode, {
			bytes: Buffer.from('letter'),
			fileName: 'letter.txt',
			mimeType: 'text/plain',
		});
		const example = { parameters: withFiles('data'), files: { data } };
		await runOperation(cobalt, 'referral.create', example, { settings: RETRY });
		expect(cobalt.world.referrals()).toHaveLength(before + 1);
		expect(cobalt.world.documents({ filename: 'letter.txt' })).toHaveLength(1);
		expect(writes(cobalt)).toHaveLength(requests);
	});
});

it('quotes Cobalt when the EHR has no referrals', async () => {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.emr = 'Practice Fusion';
	const { error } = await runOperation(cobalt, 'referral.create', { parameters: REFERRAL });
	expect(error?.message).toContain('not supported for Practice Fusion');
});
