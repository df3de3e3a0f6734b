import { Refusal } from '../../server/response.mts';
import { pagesOf } from '../../server/paging.mts';
import { route } from '../../server/route.mts';
import { submission } from '../../server/submission.mts';
import {
	day,
	eachOptional,
	flag,
	numberFrom,
	objectOf,
	oneOf,
	optional,
	required,
	requireAny,
	requireFields,
	state,
	text,
	zip,
	type Values,
} from '../../server/validation.mts';
import { addInsurance, updateInsurance } from '../../tasks/insurances.mts';
import { without } from '../../views/without.mts';
import type { Ehr } from '../../world/ehr.mts';
import type { EligibilityCheck, Insurance, InsuranceProvider } from '../../world/records.mts';
import { contains, found, isWithin, knownPatient, requireEClinicalWorks } from '../lookups.mts';

const providerPages = pagesOf({ style: 'current', size: 100, max: 100 });
const checkPages = pagesOf({ style: 'records', size: 100, max: 500 });

const CODES = ['01', '02', '32', '33', '17', '20', '53', '25'] as const;
const NAMES = [
	'self',
	'spouse',
	'mother',
	'father',
	'step parent',
	'employee',
	'life partner',
	'other',
	'child',
] as const;
const SELF: readonly string[] = ['01', 'self'];

/** Fields that both adding and updating accept. The documents hardly say which are required. */
const fields = {
	...eachOptional(
		['member_id', 'group_id', 'insurance_provider_id', 'insurance_name', 'insurance_payer_id'],
		text,
	),
	plan_begin_date: optional(day),
	copayment: optional(numberFrom(0)),
	relationship_to_subscriber: optional(oneOf(...CODES, ...NAMES)),
	subscriber_demographics: optional(
		objectOf({
			...eachOptional(['first_name', 'last_name', 'street_line_1', 'city', 'phone'], text),
			state: optional(state),
			zip: optional(zip),
			sex: optional(oneOf('male', 'female', 'unknown')),
			dob: optional(day),
		}),
	),
};

type Body = Values<typeof fields>;

/** By id, or by name with or without the payer's id. The payer's id alone is not allowed. */
function insurerOf({ insuranceProviders }: Ehr, body: Body): InsuranceProvider | undefined {
	const { insurance_provider_id: id, insurance_name: name, insurance_payer_id: payer } = body;
	if (id === undefined && name === undefined) {
		if (payer === undefined) return undefined;
		throw new Refusal(400, 'insurance_payer_id needs insurance_name.');
	}
	if (id !== undefined && name !== undefined) {
		throw new Refusal(400, 'Send either insurance_provider_id or insurance_name.');
	}
	const isNamed = (one: InsuranceProvider) =>
		one.name.toLowerCase() === (name ?? one.name).toLowerCase();
	const matching = insuranceProviders.find(
		(one) => one.id === (id ?? one.id) && isNamed(one) && one.payer_id === (payer ?? one.payer_id),
	);
	return found(matching, 'Insurance provider');
}

/** In eClinicalWorks, a subscriber other than the patient must be named. */
function checkSubscriber({ settings }: Ehr, body: Body): void {
	const { relationship_to_subscriber = 'self', subscriber_demographics = {} } = body;
	if (settings.emr === 'eClinicalWorks' && !SELF.includes(relationship_to_subscriber)) {
		requireFields(['first_name', 'last_name'], subscriber_demographics);
	}
}

/** An update's fields, under the record's names. Omitted fields keep their values. */
function changesFrom(ehr: Ehr, body: Body): Partial<Insurance> {
	const insurer = insurerOf(ehr, body);
	const changes = without(body, 'insurance_provider_id', 'insurance_name', 'insurance_payer_id');
	return {
		...changes,
		...(insurer ? { insurance_provider_id: insurer.id } : {}),
	};
}

const findCheck = ({ eligibilityChecks }: Ehr, wanted: string | undefined): EligibilityCheck =>
	found(
		eligibilityChecks.find(({ id }) => id === wanted),
		'Eligibility check',
	);

export const insuranceRoutes = [
	submission({
		method: 'POST',
		path: '/patients/:patient_mrn/insurances',
		body: { ...fields, member_id: required(text), priority: optional(oneOf('1', '2', '3')) },
		message: 'Insurance processing. A webhook event will be sent upon completion.',
		accept(context, { params, body }) {
			const { ehr, ids } = context;
			const patient = knownPatient(ehr, params.patient_mrn);
			const insurer = insurerOf(ehr, body);
			if (!insurer) throw new Refusal(400, 'Missing required field: insurance_provider_id');
			if (ehr.settings.emr === 'eClinicalWorks') requireFields(['plan_begin_date'], body);
			checkSubscriber(ehr, body);
			const record: Insurance = {
				id: ids.id(),
				state: 'pending',
				emr_insurance_id: null,
				patient_mrn: String(patient.mrn),
				insurance_provider_id: insurer.id,
				member_id: body.member_id,
				group_id: body.group_id ?? null,
				priority: body.priority ?? null,
				plan_begin_date: body.plan_begin_date ?? null,
				copayment: body.copayment ?? null,
				relationship_to_subscriber: body.relationship_to_subscriber ?? 'self',
				subscriber_demographics: body.subscriber_demographics ?? null,
			};
			ehr.insurances.push(record);
			return {
				ids: { patient_insurance_id: record.id },
				task: addInsurance(context, record, body),
			};
		},
	}),
	submission({
		method: 'PATCH',
		path: '/patients/:patient_mrn/insurances/:emr_insurance_id',
		body: fields,
		message: 'Insurance update processing. A webhook event will be sent upon completion.',
		accept(context, { params, body }) {
			const { ehr } = context;
			requireEClinicalWorks(ehr, 'Insurance update');
			const { mrn } = knownPatient(ehr, params.patient_mrn);
			const record = found(
				ehr.insurances.find(
					({ patient_mrn, emr_insurance_id }) =>
						patient_mrn === mrn && emr_insurance_id === params.emr_insurance_id,
				),
				'Insurance',
			);
			requireAny(body);
			checkSubscriber(ehr, body);
			return {
				ids: { patient_insurance_id: record.id },
				task: updateInsurance(context, record, changesFrom(ehr, body), body),
			};
		},
	}),
	route({
		method: 'GET',
		path: '/insurance-providers',
		query: { name: optional(text), active: optional(flag), ...providerPages.query },
		run({ ehr }, { query }) {
			const matching = ehr.insuranceProviders.filter(
				({ name, active }) =>
					contains(name, query.name) && String(active) === (query.active ?? String(active)),
			);
			const { items, pagination } = providerPages.cut(matching, query);
			return { success: true, insurance_providers: items, pagination };
		},
	}),
	route({
		method: 'GET',
		path: '/eligibility-checks',
		query: {
			start_date: optional(day),
			end_date: optional(day),
			patient_mrn: optional(text),
			coverage_status: optional(oneOf('active', 'inactive', 'error', 'unknown')),
			...checkPages.query,
		},
		run({ ehr }, { query }) {
			const matching = ehr.eligibilityChecks.filter(
				(check) =>
					isWithin(check.service_date, query) &&
					check.patient_mrn === (query.patient_mrn ?? check.patient_mrn) &&
					check.coverage_status === (query.coverage_status ?? check.coverage_status),
			);
			const { items, pagination } = checkPages.cut(matching, query);
			return {
				success: true,
				eligibility_checks: items.map((check) => ({
					...without(check, 'patient_mrn', 'benefits'),
					benefit_count: check.benefits.length,
				})),
				pagination,
			};
		},
	}),
	route({
		method: 'GET',
		path: '/eligibility-checks/:id/benefits',
		query: { benefit_type: optional(text), ...checkPages.query },
		run({ ehr }, { params, query }) {
			const matching = findCheck(ehr, params.id).benefits.filter(
				({ benefit_type }) => benefit_type === (query.benefit_type ?? benefit_type),
			);
			const { items, pagination } = checkPages.cut(matching, query);
			return { success: true, benefits: items, pagination };
		},
	}),
];
