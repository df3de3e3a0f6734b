import {
	UserError,
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IDataObject,
	type INodeCredentialTestResult,
} from 'n8n-workflow';

import { firstText, isObject } from '../../json';
import { describeNetworkError } from '../networkError';
import { parseResponse, type ParsedResponse } from '../parseResponse';
import { createRedact } from '../redaction';
import { LOGIN_REQUIRED } from '../statusFailures';
import { unwrap } from '../unwrapResponse';
import { authenticated } from './authenticated';
import { apiRoot } from './baseUrl';
import { parseClinics, type Clinic } from './clinics';

/** Milliseconds for one request. */
const TIMEOUT_MS = 15_000;

/** How many clinics are tested at the same time. */
const SIDE_BY_SIDE = 5;

/** How many are named in a message. */
const MAX_NAMED = 10;

/** What is wrong with one clinic. */
interface Finding {
	/** The beginning of a sentence that ends with the names of clinics, or with their lines. */
	message: string;
	name: string;
}

/**
 * The connection test of a credential with several clinics: every access token is tried, and clinics whose
 * EHR login has expired are named. Where an account's settings say which clinic a token stands for, a token
 * under the name of another clinic is found as well.
 */
export async function checkClinics(
	this: ICredentialTestFunctions,
	{ data: entered = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { accessTokens, ...client } = entered;
	try {
		apiRoot(client.baseUrl);
		const clinics = parseClinics(accessTokens);
		const tokens = clinics.map(({ accessToken }) => accessToken);
		const redact = createRedact({ ...client, accessTokens: tokens });
		const findings: Finding[] = [];
		for (let start = 0; start < clinics.length; start += SIDE_BY_SIDE) {
			const some = clinics.slice(start, start + SIDE_BY_SIDE);
			const found = await Promise.all(
				some.map(async (clinic) => {
					const credential = { ...client, accessToken: clinic.accessToken };
					return await findingOn(clinic, async (path, qs) => await get(this, credential, path, qs));
				}),
			);
			findings.push(...found.flatMap((finding) => finding ?? []));
		}
		return findings.length === 0
			? { status: 'OK', message: `Connection successful! Clinics: ${clinics.length}` }
			: { status: 'Error', message: redact(inWords(findings)) };
	} catch (error) {
		const message =
			error instanceof UserError
				? `${error.message}. ${error.description ?? ''}`
				: describeNetworkError(error, TIMEOUT_MS).message;
		return { status: 'Error', message: message.trim() };
	}
}

type Get = (path: string, query?: IDataObject) => Promise<ParsedResponse>;

/** As in the test of a credential for one clinic, the event log decides whether the keys are good. */
async function findingOn({ reference, place }: Clinic, get: Get): Promise<Finding | undefined> {
	const log = await get('/webhook-events', { page_size: 1 });
	if (!log.ok) {
		const { message, quoted = '' } = log.failure;
		return message === LOGIN_REQUIRED.message
			? {
					message: 'The EHR login of these clinics has expired, reconnect it through Cobalt Link',
					name: reference,
				}
			: { message: message + quoted, name: place };
	}
	if (unwrap(log.body as IDataObject).webhook_events === undefined) {
		return { message: "The server at 'Base URL' is not the Cobalt API", name: place };
	}
	const settings = await get('/settings');
	const known = settings.ok
		? firstText(unwrap(settings.body as IDataObject).access_token_reference_id)
		: undefined;
	return known === undefined || known === reference
		? undefined
		: { message: 'Cobalt knows the access token under another reference ID', name: place };
}

/** @throws whatever n8n's helper throws if there is no response */
async function get(
	{ helpers }: ICredentialTestFunctions,
	credential: IDataObject,
	path: string,
	qs: IDataObject = {},
): Promise<ParsedResponse> {
	const request = authenticated(credential as Parameters<typeof authenticated>[0], {
		url: path,
		qs,
		timeout: TIMEOUT_MS,
	});
	// n8n has no other HTTP helper in a credential test.
	const response: unknown = await helpers.request({
		...request,
		method: 'GET',
		simple: false,
		resolveWithFullResponse: true,
	});
	const { statusCode, headers, body } = isObject(response) ? response : {};
	return parseResponse(
		{
			status: Number(statusCode),
			headers: isObject(headers) ? headers : {},
			body: typeof body === 'string' ? body : JSON.stringify(body ?? ''),
		},
		Date.now(),
	);
}

/** One sentence for each kind of finding. */
function inWords(findings: readonly Finding[]): string {
	const byMessage = new Map<string, string[]>();
	for (const { message, name } of findings) {
		byMessage.set(message, [...(byMessage.get(message) ?? []), name]);
	}
	const sentences = [...byMessage].map(([message, names]) => {
		const more = names.length - MAX_NAMED;
		return `${message}: ${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
	});
	return sentences.join(' ');
}
