import { UserError } from 'n8n-workflow';

import { isObject } from '../../json';
import { onlyVisible } from '../../visibleText';
import { findingOnKey } from './credentialKeys';

/** One clinic of a credential with several. */
export interface Clinic {
	/** The client's own name for the access token: Cobalt's `access_token_reference_id`. */
	reference: string;
	accessToken: string;
	/** Where it is in the credential, for messages that must not repeat what was entered there. */
	place: string;
}

/** A trigger reads as many logs, and keeps as many positions in n8n's static data. */
const MAX_CLINICS = 200;

/** Longer than any reference ID. */
const MAX_REFERENCE_LENGTH = 255;

const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/;

/** `"reference ID": "access token"` of a JSON object, with what comes after it. */
const JSON_ENTRY = /\s*("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)\s*/y;

/** What is copied together with a token, and is never a part of one. */
const NOT_IN_TOKEN = /[\s"'`,;<>[\]{}()\\]/;

const ADVICE =
	'Enter one line for each clinic in the credential: its reference ID, a colon and its access token, without quotation marks. In a field of a single line, enter JSON such as {"riverside": "493FAKE…", "lakeside": "494FAKE…"}.';

/**
 * Reads the field *Clinics* of a credential: a line for each clinic, or a JSON object. An expression may also
 * give the object itself.
 *
 * @throws UserError that names the line, and repeats nothing of it: whoever confuses the two sides of the
 *   colon has a token where the name should be
 */
export function parseClinics(value: unknown): Clinic[] {
	const clinics = entriesIn(value).map(({ reference, accessToken, place }) => ({
		reference: onlyVisible(reference),
		accessToken: onlyVisible(accessToken),
		place,
	}));
	if (clinics.length === 0) throw invalid('is empty');
	if (clinics.length > MAX_CLINICS) throw invalid(`has more than ${MAX_CLINICS} clinics`);
	for (const clinic of clinics) check(clinic);
	requireDifferent(clinics, 'reference', 'reference ID');
	// With the token of another clinic, everything would be written into that clinic's charts.
	requireDifferent(clinics, 'accessToken', 'access token');
	return clinics;
}

function entriesIn(value: unknown): Clinic[] {
	if (isObject(value)) return Object.entries(value).map(entryOfObject);
	if (value === undefined || value === null) return [];
	if (typeof value !== 'string') throw invalid('is not text');
	const text = value.trim();
	if (text.startsWith('=') || text.includes('{{')) {
		throw invalid('is an expression that n8n did not resolve');
	}
	return text.startsWith('{') ? entriesInJson(text) : entriesInLines(value);
}

function entryOfObject([reference, accessToken]: [string, unknown], index: number): Clinic {
	const place = `entry ${index + 1}`;
	if (typeof accessToken !== 'string') throw invalid(`has no text as access token in ${place}`);
	return { reference, accessToken, place };
}

/** JSON.parse keeps only the last of several entries with the same name, and does not say so. */
function entriesInJson(text: string): Clinic[] {
	if (!text.endsWith('}')) throw invalid('begins like JSON, but does not end with }');
	const inner = text.slice(1, -1).trim();
	const entries: Clinic[] = [];
	for (let at = 0; at < inner.length; at = JSON_ENTRY.lastIndex) {
		const place = `entry ${entries.length + 1}`;
		JSON_ENTRY.lastIndex = at;
		const [, reference, accessToken] = JSON_ENTRY.exec(inner) ?? [];
		if (reference === undefined || accessToken === undefined) {
			throw invalid(`is not valid JSON in ${place}`);
		}
		entries.push({
			reference: unquoted(reference, place),
			accessToken: unquoted(accessToken, place),
			place,
		});
	}
	return entries;
}

function unquoted(quoted: string, place: string): string {
	try {
		return JSON.parse(quoted) as string;
	} catch {
		throw invalid(`is not valid JSON in ${place}`);
	}
}

function entriesInLines(text: string): Clinic[] {
	return text.split(LINE_BREAK).flatMap((line, index) => {
		if (onlyVisible(line) === '') return [];
		const place = `line ${index + 1}`;
		const [reference, accessToken, ...more] = line.split(':');
		if (reference === undefined || accessToken === undefined) {
			throw invalid(`has no colon in ${place}`);
		}
		// Several lines also end up like this in a field that drops line breaks.
		if (more.length > 0) throw invalid(`has more than one colon in ${place}`);
		return [{ reference, accessToken, place }];
	});
}

function check({ reference, accessToken, place }: Clinic): void {
	if (reference === '') throw invalid(`has no reference ID in ${place}`);
	if (/["\p{Cc}\p{Cs}\ufffd]/u.test(reference) || reference.length > MAX_REFERENCE_LENGTH) {
		throw invalid(`has no valid reference ID in ${place}`);
	}
	if (accessToken === '') throw invalid(`has no access token in ${place}`);
	if (NOT_IN_TOKEN.test(accessToken) || findingOnKey(accessToken) !== undefined) {
		throw invalid(`has no valid access token in ${place}`);
	}
}

function requireDifferent(clinics: Clinic[], key: 'reference' | 'accessToken', what: string): void {
	const places = new Map<string, string>();
	for (const clinic of clinics) {
		const before = places.get(clinic[key]);
		if (before !== undefined)
			throw invalid(`has the same ${what} in ${before} and ${clinic.place}`);
		places.set(clinic[key], clinic.place);
	}
}

const invalid = (finding: string): UserError =>
	new UserError(`'Clinics' in the Cobalt credential ${finding}`, { description: ADVICE });
