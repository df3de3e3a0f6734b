/** The option Validate Only: everything is checked, and nothing leaves for Cobalt. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { isWrite } from '../../../nodes/Cobalt/declarations/operation.js';
import { resources } from '../../../nodes/Cobalt/resources/index.js';
import { keepFile } from '../../../tools/n8n-host/binaryData.mts';
import { cobaltWorkflow } from '../../../tools/n8n-host/workflow.mts';
import { casesAtOnce } from '../operations/atOnce/cases.mts';
import { runOperation, writes, type Prepare } from '../operations/setup.mts';
import { appointments } from '../operations/submissions/appointments.mts';
import { chart } from '../operations/submissions/chart.mts';
import { office } from '../operations/submissions/office.mts';
import { patients } from '../operations/submissions/patients.mts';
import { busyCobalt } from '../operations/submissions/watched.mts';
import {
	bookings,
	cobaltForTest,
	CREATE,
	refuse,
	retry,
	run,
	runFile,
	submissions,
} from '../setup.mts';

const VALIDATE = { options: { validateOnly: true } };

const submitted: Record<string, Prepare> = { ...appointments, ...chart, ...office, ...patients };

const declared = resources.flatMap(({ value, operations }) =>
	operations.map((operation) => ({ resource: value, operation })),
);

const writing = declared.filter(({ operation }) => isWrite(operation));

const CHECKED = {
	validation: expect.stringMatching(/^Nothing was sent to Cobalt/) as unknown,
	job_status: 'not_submitted',
};

/** Fixes the parts of a file that a preview has. */
function previewOf(body: object): object {
	const entries = Object.entries(body).map(([key, value]: [string, unknown]) => {
		const file = value as { filename?: string; mimetype?: string; bytes?: Uint8Array };
		const isFile = file.bytes !== undefined;
		return [
			key,
			isFile ? { filename: file.filename, type: file.mimetype, size: file.bytes?.length } : value,
		];
	});
	return Object.fromEntries(entries) as object;
}

describe('every write', () => {
	/** Find or Create shows more than its request: it has tests of its own. */
	const jobs = writing.filter(
		({ operation }) => operation.kind === 'submission' && !operation.findsFirst,
	);
	it.each(jobs.map(({ resource, operation }) => `${resource}.${operation.value}`))(
		'%s shows its request instead of sending it',
		async (name) => {
			const cobalt = await cobaltForTest();
			const prepare = submitted[name];
			if (!prepare) throw new Error(`There is no case for ${name}`);
			const { method, minimal } = await prepare(cobalt);
			const before = cobalt.world.requests().length;
			const parameters = { ...minimal.parameters, ...VALIDATE };
			const ended = await runOperation(cobalt, name, { ...minimal, parameters });

			expect(ended.error).toBeUndefined();
			const { path, body } = minimal;
			expect(ended.json()).toEqual([
				{ ...CHECKED, request: { method, path: `/v1${path}`, body: previewOf(body) } },
			]);
			const made = cobalt.world.requests().slice(before);
			expect(made.filter((request) => request.path !== '/settings')).toEqual([]);
			expect(ended.hints().map(({ message }) => message)).toEqual([
				'Validate Only: 1 of 1 items were checked, and nothing was submitted for them.',
			]);
		},
	);

	const changes = writing.filter(({ operation }) => operation.kind !== 'submission');
	it.each(changes.map(({ resource, operation }) => [resource, operation.value]))(
		'%s: %s shows its request instead of sending it',
		async (resource = '', operation = '') => {
			const cobalt = await busyCobalt();
			const { full, sent } = casesAtOnce[`${resource}: ${operation}`]?.(cobalt.world) ?? {};
			const before = cobalt.world.requests().length;
			const parameters = { resource, operation, ...full, ...VALIDATE };
			const ended = await run(cobalt, { parameters, items: [{}] });

			expect(ended.error).toBeUndefined();
			expect(ended.json()).toEqual([
				{ ...CHECKED, request: { ...sent, path: `/v1${sent?.path ?? ''}` } },
			]);
			expect(cobalt.world.requests()).toHaveLength(before);
		},
	);
});

it('ignores a leftover Validate Only in a read', async () => {
	const cobalt = await cobaltForTest();
	const parameters = { resource: 'location', operation: 'getAll', ...VALIDATE };
	const ended = await run(cobalt, { parameters, items: [{}] });
	expect(ended.json()).toHaveLength(cobalt.world.locations().length);
});

it('reports a field that the account requires in Validate Only', async () => {
	const cobalt = await cobaltForTest();
	cobalt.world.settings.required_patient_fields = ['first_name', 'phone'];
	const parameters = { firstName: 'Jane', lastName: 'Smith', dob: '1980-05-17', ...VALIDATE };
	const ended = await runOperation(cobalt, 'patient.create', { parameters });
	expect(ended.error?.message).toBe("'Phone' is required by your Cobalt account [item 0]");
	expect(writes(cobalt)).toEqual([]);
});

it('checks files in Validate Only, and shows each with its final name', async () => {
	const cobalt = await cobaltForTest();
	const scan = await keepFile('default', {
		bytes: new Uint8Array(5),
		fileName: 'scan.pdf',
		mimeType: 'application/pdf',
	});
	const parameters = {
		patientMrn: '804',
		fromProvider: '118',
		toReferringProvider: '0',
		direction: 'outgoing',
		priority: 'routine',
		reason: 'Second opinion',
		...VALIDATE,
	};
	const withFiles = async (names: string) =>
		await runOperation(cobalt, 'referral.create', {
			parameters: { ...parameters, additionalFields: { binaryPropertyNames: names } },
			files: { one: scan, two: { ...scan } },
		});
	const ended = await withFiles('one, two');
	expect(ended.error).toBeUndefined();
	const { body } = ended.json()[0]?.request as { body: IDataObject };
	expect(body.documents).toEqual([
		{ filename: 'scan.pdf', type: 'application/pdf', size: 5 },
		{ filename: 'scan (2).pdf', type: 'application/pdf', size: 5 },
	]);
	const missing = await withFiles('three');
	expect(missing.error?.message).toMatch(/does not match a file of this item \[item 0\]$/);
	expect(writes(cobalt)).toEqual([]);
});

it.each([
	['bad input', { datetime: 'next Monday' }],
	['a missing field', { type: '' }],
])('refuses %s in Validate Only as a submission would', async (_, fault) => {
	const cobalt = await cobaltForTest();
	const items = bookings(1).map((booking) => ({ ...booking, ...fault }));
	const validated = await run(cobalt, { items, parameters: { ...CREATE, ...VALIDATE } });
	const real = await run(cobalt, { items });
	expect(validated.error?.message).toBe(real.error?.message);
	expect(validated.error?.message).toContain('[item 0]');
});

describe('the switch Validate Only', () => {
	const booking = async (validateOnly: string | boolean) => {
		const cobalt = await cobaltForTest();
		const parameters: INodeParameters = { ...CREATE, options: { validateOnly } };
		const ended = await run(cobalt, { items: bookings(3), parameters });
		return { cobalt, ended };
	};

	it('reads Validate Only for each item', async () => {
		const { cobalt, ended } = await booking('={{ $itemIndex === 1 }}');
		expect(ended.json().map(({ job_status: status }) => status)).toEqual([
			'completed',
			'not_submitted',
			'completed',
		]);
		expect(submissions(cobalt)).toBe(2);
	});

	it.each(['', '={{ null }}', '={{ "" }}'])(
		'submits nothing when Validate Only is %j',
		async (value) => {
			const { cobalt, ended } = await booking(value);
			expect(ended.json()).toEqual(
				Array.from({ length: 3 }, () => expect.objectContaining(CHECKED) as unknown),
			);
			expect(submissions(cobalt)).toBe(0);
		},
	);

	it('refuses a Validate Only that is neither on nor off', async () => {
		const { cobalt, ended } = await booking('={{ "maybe" }}');
		expect(ended.error?.message).toBe("'Validate Only' is not true or false [item 0]");
		expect(submissions(cobalt)).toBe(0);
	});
});

describe('a retry after Validate Only', () => {
	const COUNT = 3;
	const items = bookings(COUNT);
	const live = cobaltWorkflow(CREATE, { items });

	it('submits all items in a retry of an execution that only validated', async () => {
		const cobalt = await cobaltForTest();
		const faulty = '={{ $itemIndex === 2 ? "" : $json.type }}';
		const ended = await run(cobalt, {
			items,
			parameters: { ...CREATE, ...VALIDATE, type: faulty },
		});
		expect(ended.error?.message).toMatch(/^'Visit Type' is empty|is empty/);
		expect(submissions(cobalt)).toBe(0);
		const retried = await retry(cobalt, ended, { file: live });
		expect(retried.error).toBeUndefined();
		expect(submissions(cobalt)).toBe(COUNT);
	});

	it('submits in a retry an item that was validated beside submitted ones', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 1 });
		const mixed = { ...CREATE, options: { validateOnly: '={{ $itemIndex === 0 }}' } };
		const ended = await run(cobalt, { items, parameters: mixed });
		expect(ended.error).toBeDefined();
		const retried = await retry(cobalt, ended, { file: live });
		expect(retried.error).toBeUndefined();
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(COUNT);
	});

	it('does not submit again after a retry that only validated', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments', after: 2 });
		const ended = await runFile(cobalt, live);
		expect(ended.error).toBeDefined();
		const checking = cobaltWorkflow({ ...CREATE, ...VALIDATE }, { items });
		const checked = await retry(cobalt, ended, { file: checking });
		expect(checked.json()).toHaveLength(COUNT);
		await retry(cobalt, ended, { file: live });
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(COUNT);
	});

	it('submits in Retry On Fail only the items that are not validated', async () => {
		const cobalt = await cobaltForTest();
		cobalt.faults.add({ ...refuse, path: '/appointments' });
		const ended = await run(cobalt, {
			items,
			parameters: { ...CREATE, options: { validateOnly: '={{ $itemIndex === 0 }}' } },
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 },
		});
		expect(ended.error).toBeUndefined();
		expect(cobalt.world.appointments({ status: 'scheduled' })).toHaveLength(COUNT - 1);
	});
});
