import type { IDataObject, NodeParameterValueType } from 'n8n-workflow';

import type { Field } from '../../../nodes/Cobalt/declarations/field.js';
import type { Operation } from '../../../nodes/Cobalt/declarations/operation.js';
import { appointmentTime } from '../../../nodes/Cobalt/parsers/appointmentTime.js';
import { birthDate } from '../../../nodes/Cobalt/parsers/birthDate.js';
import * as contact from '../../../nodes/Cobalt/parsers/contact.js';
import { timeOfDay } from '../../../nodes/Cobalt/parsers/timeOfDay.js';
import { workingHours } from '../../../nodes/Cobalt/parsers/workingHours.js';
import { eventType } from '../../../nodes/shared/parsers/eventType.js';
import * as ids from '../../../nodes/shared/parsers/id.js';
import * as readers from '../../../nodes/shared/parsers/text.js';
import { timezoneName } from '../../../nodes/shared/parsers/timezone.js';

export type Value = IDataObject[string];

/** A kind of field, by what a person may enter. */
interface Kind {
	name: string;
	is: (field: Field, operation: Operation) => boolean;
	valid: (field: Field) => NodeParameterValueType;
	bad: readonly Value[] | ((field: Field) => Value[]);
	/** Texts that arrive at Cobalt as they were entered. */
	kept?: readonly string[];
}

const LONG = 'x'.repeat(10_000);
export const NOTHING: Value[] = ['', '  ', '\n\t', null];

const NO_TEXT: Value[] = [true, false, [], ['a'], {}, { a: 1 }];

const UNPRINTABLE = ['a\0b', 'a\u0007b', 'a\u007fb', 'a\u0085b', 'a\ud800', '\udc00b', '\ud83d'];

/** What nobody means, in no field. */
const NEVER_MEANT = [
	'[object Object]',
	'Mr [object Object]',
	'Invalid DateTime',
	'undefined',
	'#N/A',
];

const NO_LINE: Value[] = [
	...[...NO_TEXT, ...UNPRINTABLE, ...NEVER_MEANT, 'a\nb', 'a\rb', 'Jos\ufffd', LONG],
	...[7615917337495251231, 1e21],
];

/** Nor is that in an id, or in a code. */
const MISSING = [
	'null',
	'NULL',
	'NaN',
	'None',
	'MRN-undefined',
	'null-7',
	'{{ $json.mrn }}',
	44235.5,
];

const NO_ID: Value[] = [
	...[...NO_LINE, ...MISSING, '44235.0', '7.61592E+18', '44,235', '.', '..', ' .. ', '\u041c7'],
];

const NO_LIST: Value[] = [
	...[true, { a: 1 }, [{ a: 1 }], [['a']], [true]],
	...UNPRINTABLE.map((text) => `a,${text}`),
	...[LONG, ['a', 'b\nc'], ['a', LONG], Array<string>(201).fill('a')],
	...['a, undefined', ['a', 'null'], ['Invalid DateTime'], [7615917337495251231]],
];

const NO_DATE: Value[] = [
	...['2025-02-30', '2025-02-29', '2025-13-01', '2025-00-10', '0000-00-00', '2025-3-5'],
	...['tomorrow', '03/15/2025', '15.03.2025', '20250315', '2025-03-15 25:00', '2025-03-15T10:60'],
	...[1_741_996_800_000, true, {}, [], ['2025-03-15'], { isLuxonDateTime: true }],
	...['2025-03-15\0', '2025-03-15\n2025-03-16', '2025-03-15\ud800', LONG],
];

const NO_NUMBER: Value[] = [
	...[-1, 1e9, NaN, Infinity, '-1', '1e9', 'x', '30 min', '1,5', '9'.repeat(400)],
	...[true, {}, [30], '3\0', '3\ud800', LONG],
];

const KEPT = [
	'Zoë 🙂',
	'שרה عدا',
	`"double" 'single' “curly” \\`,
	'<script>alert(1)</script>',
	'__proto__',
	'={ 1 + 1 }',
	'a&b=c#d %2F + %',
	"Robert'); DROP TABLE--",
];

/** What only words and names may hold. */
const KEPT_WORDS = [...KEPT, '👩‍👩‍👧 ❤️', 'می\u200cخواهم', 'No null, no NaN', '44,235', '250.0'];

const KEPT_NAMES = [...KEPT_WORDS, 'Null', 'Nan', 'Na', "O'Neil"];

const KEPT_CODES = [...KEPT, '250.0', 'A–B'];

const isText = ({ property }: Field) => property.type === 'string';

const isInPath = ({ key }: Field, { path }: Operation) => path.includes(`{${key}}`);

const example = ({ property }: Field) => property.placeholder?.replace(/^e\.g\. /, '') ?? 'x';

const firstOption = ({ property }: Field) => {
	const [first] = property.options ?? [];
	return first && 'value' in first ? first.value : '';
};

/** Each of these values, in each way in which one can be picked. */
export const located =
	(values: readonly Value[]) =>
	({ property }: Field): Value[] => [
		...(property.modes ?? []).flatMap(({ name: mode }) =>
			values.map((value) => ({ __rl: true, mode, value })),
		),
		...[true, ['118'], { id: '118' }, {}],
	];

const idIn = ({ property }: Field) => {
	const typed = (property.modes ?? []).filter(({ type }) => type === 'string');
	const { name: mode = 'id', placeholder } =
		typed.find(({ name }) => name === 'id') ?? typed[0] ?? {};
	return { __rl: true as const, mode, value: placeholder?.slice(5) ?? '' };
};

/** The first kind that fits is the kind of a field. */
export const kinds: Kind[] = [
	{
		name: 'a file',
		is: ({ file }) => file === 'one',
		valid: () => 'data',
		bad: [...NO_LINE, 'nope', 'data,data', '__proto__', 'constructor'],
	},
	{
		name: 'several files',
		is: ({ file }) => file === 'several',
		valid: () => 'data',
		bad: [...NO_LIST, 'nope', 'data, nope', ['data', 'nope'], '__proto__'],
	},
	{
		name: 'an ID in the path',
		is: (field, operation) => isText(field) && isInPath(field, operation),
		valid: example,
		bad: NO_ID,
		kept: [...KEPT, '../settings', '..\\settings', '%2e%2e', '..%2fsettings', 'a/b', 'a?b', '...'],
	},
	{
		name: 'an email address',
		is: ({ read }) => read === contact.email,
		valid: example,
		bad: [...NO_LINE, 'ada', 'ada@', '@b.org', 'ada@b', 'a b@c.example', 'a@b@c.example'],
	},
	{
		name: 'a US phone number',
		is: ({ read }) => read === contact.phone,
		valid: example,
		bad: [
			...NO_LINE,
			'call me',
			'555-1234',
			'1'.repeat(16),
			'25551234567',
			'+44 20 7946 0958',
			'1551234567.0',
			'5.551234567E9',
		],
	},
	{
		name: 'a state',
		is: ({ read }) => read === contact.usState,
		valid: example,
		bad: [...NO_LINE, 'Massachusets', 'M', 'M1', '\u041cA'],
	},
	{
		name: 'a ZIP code',
		is: ({ read }) => read === contact.zipCode,
		valid: example,
		bad: [...NO_LINE, '2108', 2108, '02108-', '02108-12', 'ABCDE'],
	},
	{
		name: 'an NPI',
		is: ({ read }) => read === contact.npi,
		valid: example,
		bad: [...NO_LINE, '123456789', '12345678901', 'x'],
	},
	{
		name: "Cobalt's own ID",
		is: ({ read }) => read === ids.cobaltId,
		valid: example,
		bad: [...NO_ID, '12', 'g'.repeat(32), '0'.repeat(33), '../..'],
	},
	{
		name: 'an https address',
		is: ({ read }) => read === readers.httpsUrl,
		valid: example,
		bad: [
			...[...NO_LINE, 'http://example.com', 'example.com', 'ftp://example.com'],
			...['javascript:alert(1)', 'https://', 'https://a b', 'https:example.com'],
		],
	},
	{
		name: 'a reason of up to 50 characters',
		is: ({ key }, { path }) => path === '/telephone-encounters' && key === 'reason',
		valid: example,
		bad: [...NO_LINE, 'x'.repeat(51)],
		kept: KEPT_WORDS,
	},
	{
		name: 'a medication of 2 to 50 characters',
		is: ({ key }) => key === 'refill_medication_name',
		valid: example,
		bad: [...NO_LINE, 'x', 'x'.repeat(51)],
		kept: KEPT_WORDS,
	},
	{
		name: 'a typed word',
		is: ({ key }) => key === 'relationship_to_subscriber',
		valid: example,
		bad: [...NO_LINE, 'nobody', '1', '__proto__', 'self, spouse'],
	},
	{
		name: 'an event type',
		is: ({ read }) => read === eventType,
		valid: example,
		bad: [...NO_LINE, 'claim', 'claim created', '.created', 'claim.*', '__proto__'],
	},
	{
		name: 'an ID',
		is: (field) => isText(field) && field.read === ids.id,
		valid: example,
		bad: NO_ID,
		kept: KEPT,
	},
	{
		name: 'a code',
		is: (field) => isText(field) && field.read === ids.code,
		valid: example,
		bad: [...NO_LINE, ...MISSING],
		kept: KEPT_CODES,
	},
	{
		name: 'a name',
		is: ({ read }) => read === readers.name,
		valid: example,
		bad: [...NO_LINE, 'Jane undefined', '{{ $json.name }}', 'Jane #N/A'],
		kept: KEPT_NAMES,
	},
	{
		name: 'a line',
		is: ({ read }) => read === readers.line,
		valid: example,
		bad: [...NO_LINE, 'null'],
		kept: KEPT_WORDS,
	},
	{
		name: 'lines',
		is: ({ read }) => read === readers.multiline,
		valid: example,
		bad: [...NO_TEXT, ...NEVER_MEANT, 'null', 7615917337495251231],
		kept: [...KEPT_WORDS, 'one\n\ntwo\tthree', LONG, 'undefined and #N/A', 'שרה \u200f(a)'],
	},
	{
		name: 'a date and time',
		is: ({ read }) => read === appointmentTime,
		valid: () => '2025-03-15T14:00:00-05:00',
		bad: [
			...[...NO_DATE, '2025-03-15', '10:00', '2025-03-15 13:00 PM', '2025-03-15T10:00+25:00'],
			...['2025-03-09T02:30', '2025-03-09T02:30:00', '2025-03-09 2:30 AM'],
		],
	},
	{
		name: 'a time of day',
		is: ({ read }) => read === timeOfDay,
		valid: example,
		bad: [...NO_LINE, '9', '25:00', '9-5', 'noon'],
	},
	{
		name: 'a timezone',
		is: ({ read }) => read === timezoneName,
		valid: example,
		bad: [...NO_LINE, 'Mars', 'local', 'Eastern Time'],
	},
	{
		name: 'values with commas between',
		is: (field) => isText(field) && Array.isArray(field.read('a', { timezone: 'utc' })),
		valid: example,
		bad: NO_LIST,
		kept: KEPT.filter((text) => !text.includes(';')),
	},
	{
		name: 'a birth date',
		is: ({ read }) => read === birthDate,
		valid: () => '1980-05-17',
		bad: [...NO_DATE, '2999-05-17', '0980-05-17', '1879-12-31', '80-05-17', 'Invalid DateTime'],
	},
	{
		name: 'a date',
		is: ({ property }) => property.type === 'dateTime',
		valid: () => '2025-03-15',
		bad: NO_DATE,
	},
	{
		name: 'yes or no',
		is: ({ property }) => property.type === 'boolean',
		valid: () => true,
		bad: ['maybe', 'yes', '1', 1, 0, [], [true], {}, 'true\0', 'true\ud800', LONG],
	},
	{
		name: 'an option',
		is: ({ property }) => property.type === 'options',
		valid: firstOption,
		bad: [...NO_LINE, 'nope', '__proto__', 'constructor', 7],
	},
	{
		name: 'up to ten entries of a list',
		is: ({ key, property }, { path }) =>
			property.type === 'multiOptions' && key === 'provider_ids' && path.endsWith('/fetch'),
		valid: () => ['118'],
		bad: [...NO_LIST, Array<string>(11).fill('118')],
	},
	{
		name: 'entries of a list',
		is: ({ property: { type, typeOptions } }) =>
			type === 'multiOptions' && typeOptions?.loadOptionsMethod !== undefined,
		valid: () => ['118'],
		bad: NO_LIST,
	},
	{
		name: 'several options',
		is: ({ property }) => property.type === 'multiOptions',
		valid: (field) => [String(firstOption(field))],
		bad: (field) => [...NO_LIST, 'nope', ['nope'], [firstOption(field), 'nope'], [null, 'nope']],
	},
	{
		name: 'an amount of money',
		is: ({ key, property }) => property.type === 'number' && ['amount', 'copayment'].includes(key),
		valid: () => 20,
		bad: NO_NUMBER,
	},
	{
		name: 'a whole number',
		is: ({ property }) => property.type === 'number',
		valid: () => 30,
		bad: [...NO_NUMBER, 0.5, '1.5'],
	},
	{
		name: 'working hours',
		is: ({ read }) => read === workingHours,
		valid: example,
		bad: [
			...['[', '{', 'x', '"x"', '5', 'true', '{}', '[]', '[null]', '[5]', '[{}]', LONG],
			...[true, 5, {}, [], [{}], [null]],
			...[
				'{ "__proto__": [] }',
				'[{ "day": "Monday", "shifts": [], "__proto__": {} }]',
				'[{ "day": "Monday", "shifts": [], "constructor": {} }]',
				'[{ "day": "Monday", "shifts": [{ "start": "08:00", "end": "09:00", "__proto__": 1 }] }]',
				'[{ "__proto__": { "day": "Monday", "shifts": [] } }]',
				'[{ "day": "Funday", "shifts": [] }]',
				'[{ "day": "Monday" }]',
				'[{ "day": "Mon\\nday", "shifts": [] }]',
				'[{ "day": "Monday", "shifts": {} }]',
				'[{ "day": "Monday", "shifts": [null] }]',
				'[{ "day": "Monday", "shifts": [{ "start": "08:00" }] }]',
				'[{ "day": "Monday", "shifts": [{ "start": "25:00", "end": "09:00" }] }]',
				'[{ "day": "Monday", "shifts": [{ "start": "8 am", "end": "09:00" }] }]',
			],
			...['"2025-02-30"', '"x"', '5', '{}'].map(
				(date) =>
					`[{ "day": "Monday", "shifts": [{ "start": "08:00", "end": "09:00", "set_start_date": ${date} }] }]`,
			),
			...['0', '1.5', '"x"', '367'].map(
				(days) =>
					`[{ "day": "Monday", "shifts": [{ "start": "08:00", "end": "09:00", "set_recur": { "recur_interval_amount": ${days} } }] }]`,
			),
		],
	},
	{
		name: 'an entry of a list, in the path',
		is: (field, operation) =>
			field.property.type === 'resourceLocator' && isInPath(field, operation),
		valid: idIn,
		bad: located(NO_ID),
	},
	{
		name: 'an entry of a list',
		is: ({ property }) => property.type === 'resourceLocator',
		valid: idIn,
		bad: located(NO_LINE),
	},
];

export function kindOf(field: Field, operation: Operation): Kind {
	const kind = kinds.find(({ is }) => is(field, operation));
	if (!kind) throw new Error(`No kind of field fits '${field.property.displayName}'`);
	return kind;
}
