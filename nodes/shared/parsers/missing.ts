import { InvalidValueError } from './parser';

/** How strictly text is read: as an id or code, as a name, or as free text. */
export type Strictness = 'id' | 'name' | 'words';

/** What a spreadsheet shows instead of a value that it cannot calculate. Refused anywhere in a text. */
const SHEET_ERROR = String.raw`#(?:N/A|N/D|NV|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ERROR!|SPILL!|CALC!)`;

/** What JavaScript and Luxon write for an object and for an invalid date. */
const NEVER_MEANT = String.raw`\[object (?:Object|Undefined|Null|Array|Promise|Function|Date|Map|Set)\]|Invalid DateTime`;

const INVALID_DATE = String.raw`Invalid (?:Date|Interval|Duration|Zone)\b`;

/** An expression in a field that is not set to Expression, which makes it plain text. */
const EXPRESSION = String.raw`\{\{.*\}\}`;

/**
 * An id must not start or end with one of these either, as a joined text does; words such as "annulled"
 * stay possible. A name may be Null or Nan, and free text may be about anything.
 */
const PATTERNS: Record<Strictness, readonly RegExp[]> = {
	id: [
		new RegExp(`${NEVER_MEANT}|${INVALID_DATE}|${SHEET_ERROR}|${EXPRESSION}|undefined`, 'i'),
		/null(?![a-z])/,
		/(?<![a-z])null(?![a-z])/i,
		/(?<![A-Za-z])NaN(?![A-Za-z])/,
		/^[<({[]?(?:nan|none|nil|n\/a|-?infinity)[>)}\]]?$/i,
	],
	name: [
		new RegExp(NEVER_MEANT, 'i'),
		new RegExp(`${INVALID_DATE}|${SHEET_ERROR}|${EXPRESSION}`),
		/(?<!\p{L})undefined(?!\p{L})|^NaN$/u,
	],
	words: [
		new RegExp(NEVER_MEANT, 'i'),
		new RegExp(`^(?:${INVALID_DATE}|${SHEET_ERROR}|null|NULL|undefined|NaN)$`),
	],
};

/**
 * Refuses what programs write instead of a missing value: nobody means it, and as an id it might even
 * belong to someone.
 *
 * @throws InvalidValueError
 */
export function requireMeant(text: string, strictness: Strictness): void {
	for (const pattern of PATTERNS[strictness]) {
		const found = pattern.exec(text)?.[0];
		if (found === undefined) continue;
		throw found.startsWith('{{')
			? new InvalidValueError(
					'is an expression that n8n read as plain text',
					"Switch the field from 'Fixed' to 'Expression'.",
				)
			: new InvalidValueError(
					`has "${found}" where a value is missing`,
					'Check the value of the expression or the spreadsheet for this item. If there is none, leave the field empty.',
				);
	}
}
