import type { IDataObject, INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { readSettings } from '../../nodes/CobaltTrigger/settings.js';

const node: INode = {
	id: '1',
	name: 'Cobalt Trigger',
	type: 'n8n-nodes-cobalt.cobaltTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Parameters that are not given are not shown: n8n gives empty text for them. */
const read = (parameters: IDataObject = {}, timezone = 'America/New_York') =>
	readSettings({
		node,
		timezone,
		parameter: (path) =>
			path.split('.').reduce<unknown>((object, name) => (object as IDataObject)[name] ?? '', {
				events: ['all'],
				...parameters,
			}),
	});

const withOption = (name: string, value: unknown, timezone?: string) =>
	read({ options: { [name]: value } as IDataObject }, timezone);

function refusal(work: () => unknown): { message: string; description: string } {
	try {
		work();
	} catch (error) {
		return error as { message: string; description: string };
	}
	throw new Error('Nothing was refused');
}

describe('the settings', () => {
	it('has valid defaults when nothing is entered', () => {
		expect(read()).toEqual({
			mode: 'polling',
			types: undefined,
			source: 'any',
			clinics: undefined,
			changedFields: undefined,
			output: { kind: 'simplified' },
			overlapMs: 600_000,
			eventsPerRun: 1_000,
			startFrom: undefined,
			startFromAsEntered: undefined,
			isRegisteredByHand: false,
			recoversMissed: true,
		});
	});

	it('reads what is entered, also as text', () => {
		const entered = {
			mode: 'webhook',
			events: 'appointment.created, other',
			otherEventTypes: ' claim.created ,, appointment.created',
			source: 'EHR_STAFF',
			output: 'RAW',
			registration: 'manual',
			recoverMissedEvents: false,
			options: {
				clinics: ['a', 7],
				changedFields: 'status, dob',
				overlap: '0',
				eventsPerRun: ' 5 ',
			},
		};
		expect(read(entered)).toMatchObject({
			mode: 'webhook',
			types: ['appointment.created', 'claim.created'],
			source: 'ehr_staff',
			clinics: ['a', '7'],
			changedFields: ['status', 'dob'],
			output: { kind: 'raw' },
			overlapMs: 0,
			eventsPerRun: 5,
			isRegisteredByHand: true,
			recoversMissed: false,
		});
	});

	it.each<[unknown, string[] | undefined]>([
		['all', undefined],
		[['patient.updated', 'all'], undefined],
		[['patient.updated', 'patient.updated'], ['patient.updated']],
		['["patient.updated"]', ['patient.updated']],
		[
			'patient.updated; claim.created | note.created\nTASK.Created',
			['patient.updated', 'claim.created', 'note.created', 'task.created'],
		],
	])('selects the events %j', (events, types) => {
		expect(read({ events } as IDataObject).types).toEqual(types);
	});

	it.each<[unknown, string[]]>([
		['clinic_1; clinic_2', ['clinic_1', 'clinic_2']],
		['clinic_1|clinic_2\nclinic_3', ['clinic_1', 'clinic_2', 'clinic_3']],
		['"Smith, Jones & Co", Miller', ['Smith, Jones & Co', 'Miller']],
		['["Smith, Jones & Co"]', ['Smith, Jones & Co']],
		[['Smith, Jones & Co'], ['Smith, Jones & Co']],
	])('selects the clinics %j', (clinics, names) => {
		expect(withOption('clinics', clinics).clinics).toEqual(names);
	});

	it.each(['cell_phone', 'Cell Phone', 'cellPhone', ' CELL-PHONE '])(
		'recognizes the field that a person calls %j',
		(name) => {
			expect(withOption('changedFields', name).changedFields).toEqual(['cell_phone']);
		},
	);

	it('ignores other event types when their field is hidden', () => {
		expect(read({ events: ['a.b'], otherEventTypes: 'c.d' }).types).toEqual(['a.b']);
	});

	it.each<[string, unknown]>([
		["'Trigger On' is empty", { events: [] }],
		["'Trigger On' is empty", { events: ' ' }],
		["'Trigger On' is empty", { events: [' ', ''] }],
		["'Trigger On' has a missing value", { events: [null, 'all'] }],
		["'Trigger On' is not text", { events: [{}] }],
		["'Trigger On' is not a list", { events: '["a"' }],
		["'Other Event Types' is empty", { events: ['other'] }],
		["'Other Event Types' is not text", { events: ['other'], otherEventTypes: [[]] }],
		...['claim', 'claim created', 'claim.', '.created', 'claim.*', 'On claim created'].map(
			(type): [string, unknown] => [
				"'Other Event Types' is not the name of an event type",
				{ events: ['other'], otherEventTypes: `claim.created, ${type}` },
			],
		),
		["'Trigger On' is not the name of an event type", { events: ['constructor'] }],
		["'Changed Fields' is not the name of a field", { options: { changedFields: 'phone, *' } }],
		["'Receive Events By' is not a valid option", { mode: 'both' }],
		["'Source' is not a valid option", { source: 'account' }],
		["'Webhook Registration' is not a valid option", { registration: 'never' }],
		["'Output' is not a valid option", { output: 'maybe' }],
		["'Fields to Output' is empty", { output: 'selectedFields', outputFields: ' , ' }],
		[
			"'Fields to Output' is not the name of a field",
			{ output: 'selectedFields', outputFields: 'mrn, *' },
		],
		["'Recover Missed Events' is not true or false", { recoverMissedEvents: 1 }],
		["'Clinics' is empty", { options: { clinics: '' } }],
		["'Clinics' is empty", { options: { clinics: [' ', ''] } }],
		["'Clinics' has a missing value", { options: { clinics: ['clinic_1', null] } }],
		["'Clinics' is not text", { options: { clinics: [true] } }],
		["'Clinics' has more than 200 values", { options: { clinics: 'a,'.repeat(201) } }],
		["'Changed Fields' is empty", { options: { changedFields: [] } }],
		[
			"'Changed Fields' is longer than 255 characters",
			{ options: { changedFields: 'x'.repeat(256) } },
		],
		["'Overlap (Minutes)' is not a number from 0 to 1440", { options: { overlap: -1 } }],
		["'Overlap (Minutes)' is not a number from 0 to 1440", { options: { overlap: [5] } }],
		["'Overlap (Minutes)' is not a number from 0 to 1440", { options: { overlap: NaN } }],
		["'Overlap (Minutes)' is not a whole number", { options: { overlap: 1.5 } }],
		["'Events per Run' is not a number from 1 to 10000", { options: { eventsPerRun: 0 } }],
		["'Events per Run' is not a number from 1 to 10000", { options: { eventsPerRun: 10_001 } }],
		["'Start From' is not a date and time", { options: { startFrom: 'yesterday' } }],
		["'Start From' is not a date and time", { options: { startFrom: 1_741_618_800 } }],
		["'Start From' has a date that does not exist", { options: { startFrom: '2025-02-30' } }],
		["'Start From' is not a valid date", { options: { startFrom: new Date(NaN) } }],
	])('reports that %s: %j', (message, parameters) => {
		const emitted = refusal(() => read(parameters as IDataObject));
		expect(emitted).toMatchObject({ name: 'NodeOperationError', message });
		expect(emitted.description).toMatch(/^(Enter|Shorten|Choose|Select|Check|Use|Fill) .+\.$/);
	});

	it.each<[unknown, string]>([
		['2025-03-15', '2025-03-15T00:00:00-04:00'],
		[' 2025-01-15 ', '2025-01-15T00:00:00-05:00'],
		['2025-03-15T14:00:00Z', '2025-03-15T10:00:00-04:00'],
		['2025-03-15 2:00 PM', '2025-03-15T14:00:00-04:00'],
		[new Date('2025-03-15T14:00:00Z'), '2025-03-15T10:00:00-04:00'],
	])('starts from the moment entered: %j', (startFrom, iso) => {
		const found = withOption('startFrom', startFrom).startFrom ?? '';
		expect(new Date(found)).toEqual(new Date(iso));
	});

	it('starts with the first hour of a day that has no midnight', () => {
		const found = withOption('startFrom', '2025-09-07', 'America/Santiago').startFrom ?? '';
		expect(new Date(found)).toEqual(new Date('2025-09-07T04:00:00Z'));
	});
});
