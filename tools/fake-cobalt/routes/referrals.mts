import { pagesOf } from '../server/paging.mts';
import { route } from '../server/route.mts';
import { submission } from '../server/submission.mts';
import {
	base64,
	day,
	eachOptional,
	listOf,
	objectOf,
	oneOf,
	optional,
	phoneNumber,
	required,
	text,
} from '../server/validation.mts';
import { createReferral, createReferringProvider } from '../tasks/referrals.mts';
import { listedReferral, listedReferringProvider } from '../views/referrals.mts';
import type { Ehr } from '../world/ehr.mts';
import type { Document, Referral, ReferringProvider } from '../world/records.mts';
import {
	checkEhrIds,
	contains,
	isSamePhone,
	isWithin,
	knownPatient,
	requireEClinicalWorks,
} from './lookups.mts';

/** The documents say 25 MB, not which megabyte: the larger one. */
const REFERRAL_LIMIT = 25 * 1024 * 1024;

/** Documented: the id for nobody on this side. */
const NOBODY = '0';

const pages = pagesOf({ style: 'page', size: 100, max: 100 });

/** The MIME types of attached documents are not documented: derived from the file name. */
const MIMETYPES: Record<string, string> = {
	pdf: 'application/pdf',
	png: 'image/png',
	jpg: 'image/jpeg',
	txt: 'text/plain',
};

function attached(
	id: string,
	patient_mrn: string,
	{ filename, content_base64 }: { filename: string; content_base64: string },
): Document {
	const ending = filename.split('.').at(-1)?.toLowerCase() ?? '';
	return {
		id,
		state: 'pending',
		patient_mrn,
		folder_name: 'Referrals',
		filename,
		mimetype: MIMETYPES[ending] ?? 'application/octet-stream',
		bytes: Buffer.from(content_base64, 'base64'),
		emr_assigned_to_id: null,
		is_reviewed: false,
		is_high_priority: false,
		notes: null,
	};
}

/** An incoming referral goes from a provider of the directory to one of the clinic, an outgoing one the other way
 * around. */
function checkSides(ehr: Ehr, direction: string, from: string, to: string): void {
	const somebody = (id: string) => (id === NOBODY ? [] : [id]);
	const [other, own] = direction === 'incoming' ? [from, to] : [to, from];
	checkEhrIds(ehr, { referringProviders: somebody(other), providers: somebody(own) });
}

export const referralRoutes = [
	submission({
		method: 'POST',
		path: '/referring-providers',
		body: {
			first_name: required(text),
			last_name: required(text),
			npi: required(text),
			...eachOptional(['phone', 'fax'], phoneNumber),
			...eachOptional(['email', 'address', 'city', 'state', 'zip_code'], text),
		},
		message: 'Referring provider processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids } = context;
			const record: ReferringProvider = {
				id: ids.id(),
				state: 'pending',
				ehr_id: null,
				first_name: body.first_name,
				last_name: body.last_name,
				middle_initial: null,
				speciality: null,
				npi: body.npi,
				phone: body.phone ?? null,
				fax: body.fax ?? null,
				email: body.email ?? null,
				address_street: body.address ?? null,
				address_city: body.city ?? null,
				address_state: body.state ?? null,
				address_zip: body.zip_code ?? null,
			};
			ehr.referringProviders.push(record);
			return {
				ids: { referring_provider_id: record.id },
				task: createReferringProvider(context, record, body),
			};
		},
	}),
	route({
		method: 'GET',
		path: '/referring-providers',
		query: eachOptional(['first_name', 'last_name', 'phone', 'fax', 'npi'], text),
		run({ ehr }, { query }) {
			const matching = ehr.referringProviders.filter(
				({ state, first_name, last_name, phone, fax, npi }) =>
					state === 'done' &&
					contains(first_name, query.first_name) &&
					contains(last_name, query.last_name) &&
					isSamePhone(phone, query.phone) &&
					isSamePhone(fax, query.fax) &&
					npi === (query.npi ?? npi),
			);
			return { success: true, referring_providers: matching.map(listedReferringProvider) };
		},
	}),
	submission({
		method: 'POST',
		path: '/referrals',
		bodyLimit: REFERRAL_LIMIT,
		body: {
			patient_mrn: required(text),
			referring_from_provider_ehr_id: required(text),
			referring_to_provider_ehr_id: required(text),
			direction: required(oneOf('incoming', 'outgoing')),
			priority: required(oneOf('routine', 'urgent', 'stat')),
			reason: required(text),
			diagnosis_codes: optional(listOf(text)),
			documents: optional(
				listOf(objectOf({ filename: required(text), content_base64: required(base64) })),
			),
		},
		message: 'Referral processing. A webhook event will be sent upon completion.',
		accept(context, { body }) {
			const { ehr, ids, clock } = context;
			const { direction, patient_mrn } = body;
			const from = body.referring_from_provider_ehr_id;
			const to = body.referring_to_provider_ehr_id;
			requireEClinicalWorks(ehr, 'Creating referrals');
			knownPatient(ehr, patient_mrn);
			checkSides(ehr, direction, from, to);
			const documents = (body.documents ?? []).map((one) => attached(ids.id(), patient_mrn, one));
			const now = clock.now();
			const record: Referral = {
				id: ids.id(),
				state: 'pending',
				ehr_id: null,
				patient_mrn,
				direction,
				from_provider_ehr_id: from,
				to_provider_ehr_id: to,
				priority: body.priority,
				reason: body.reason,
				diagnosis_codes: body.diagnosis_codes ?? [],
				document_ids: documents.map(({ id }) => id),
				status: 'open',
				referral_date: now.slice(0, 10),
				created_at: now,
			};
			ehr.documents.push(...documents);
			ehr.referrals.push(record);
			return {
				ids: { referral_id: record.id },
				task: createReferral(context, record, documents, body),
			};
		},
	}),
	route({
		method: 'GET',
		path: '/referrals',
		query: {
			start_date: required(day),
			end_date: required(day),
			...eachOptional(['patient_mrn', 'status', 'ehr_id'], text),
			priority: optional(oneOf('routine', 'urgent', 'stat')),
			direction: optional(oneOf('incoming', 'outgoing')),
			sort: optional(oneOf('created_at', '-created_at')),
			...pages.query,
		},
		run({ ehr }, { query }) {
			const matching = ehr.referrals.filter(
				({ state, referral_date, patient_mrn, status, priority, direction, ehr_id }) =>
					state === 'done' &&
					isWithin(referral_date, query) &&
					patient_mrn === (query.patient_mrn ?? patient_mrn) &&
					status === (query.status ?? status) &&
					priority === (query.priority ?? priority) &&
					direction === (query.direction ?? direction) &&
					ehr_id === (query.ehr_id ?? ehr_id),
			);
			const oldestFirst = matching.sort((one, other) =>
				one.created_at < other.created_at ? -1 : 1,
			);
			const sorted = query.sort === 'created_at' ? oldestFirst : oldestFirst.reverse();
			const { items, pagination } = pages.cut(sorted, query);
			return {
				success: true,
				referrals: items.map((referral) => listedReferral(ehr, referral)),
				pagination,
			};
		},
	}),
];
