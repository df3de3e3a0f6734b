import type { Patient } from './ehr.mts';
import type { Random } from './random.mts';
import type {
	Benefit,
	Claim,
	Document,
	EligibilityCheck,
	Insurance,
	InsuranceProvider,
	Order,
	Pharmacy,
	Referral,
	ReferringProvider,
	StaffTask,
	TelephoneEncounter,
} from './records.mts';

/** Lists long enough for several pages of the documented sizes. */
const COUNTS = { insuranceProviders: 130, referrals: 230, checks: 260, benefits: 130, claims: 130 };

/** The day around which seeded records are dated: a constant, so that they do not depend on the clock. */
const ANCHOR = Date.UTC(2025, 2, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

const times = <T,>(count: number, make: (index: number) => T) =>
	Array.from({ length: count }, (_none, index) => make(index));

/** The entry at this index, cycling through the list. */
function turn<T>(items: readonly T[], index: number): T {
	const item = items[index % items.length];
	if (item === undefined) throw new Error('Nothing to take turns');
	return item;
}

/** The anchor for 0, the day before it for 1, and so on backwards. */
const daysBefore = (days: number) => new Date(ANCHOR - days * DAY_MS).toISOString().slice(0, 10);

/** The patients whom the EHR knows, as seeds need them. */
const known = (patients: Patient[]) => patients.map((one) => ({ ...one, mrn: String(one.mrn) }));

export function seedPharmacies(random: Random): Pharmacy[] {
	const seeds = [
		{ ehr_id: '301', name: 'Corner Pharmacy', address1: '3 Main Street', status: 'active' },
		{ ehr_id: '302', name: 'Hudson Drugs', address1: '77 River Road', status: 'active' },
		{ ehr_id: '303', name: 'Old Mill Apothecary', address1: '1 Mill Lane', status: 'inactive' },
	] as const;
	return seeds.map(({ ehr_id, name, address1, status }, index) => ({
		id: random.id(),
		ehr_id,
		name,
		address: { address1, city: 'Albany', state: 'NY', zip: '12207' },
		phone: `518-555-030${index}`,
		email: null,
		status,
	}));
}

export function seedReferringProviders(random: Random): ReferringProvider[] {
	const seeds = [
		{ ehr_id: '401', first_name: 'Ellen', last_name: 'Brandt', speciality: 'Cardiology' },
		{ ehr_id: '402', first_name: 'Raj', last_name: 'Patel', speciality: 'Dermatology' },
		{ ehr_id: '403', first_name: 'Élodie', last_name: 'Brandão', speciality: null },
		{ ehr_id: '404', first_name: 'Tom', last_name: 'Ash', speciality: 'Orthopedics' },
	];
	return seeds.map((seed, index) => ({
		id: random.id(),
		state: 'done',
		middle_initial: null,
		npi: `100000010${index}`,
		phone: `518-555-040${index}`,
		fax: `518-555-041${index}`,
		email: null,
		address_street: '9 State Street',
		address_city: 'Albany',
		address_state: 'NY',
		address_zip: '12207',
		...seed,
	}));
}

export function seedInsuranceProviders(random: Random): InsuranceProvider[] {
	const plans = ['Aetna', 'Blue Shield', 'Cigna', 'Empire', 'Fidelis', 'Humana'];
	return times(COUNTS.insuranceProviders, (index) => ({
		id: random.id(),
		name: `${turn(plans, index)} ${Math.floor(index / plans.length) + 1}`,
		payer_id: String(60_001 + index),
		active: index % 10 !== 9,
		created_at: `${daysBefore(index)}T12:00:00.000Z`,
	}));
}

/** One insurance, of the first patient. */
export function seedInsurances(
	random: Random,
	patients: Patient[],
	insurers: InsuranceProvider[],
): Insurance[] {
	return known(patients.slice(0, 1)).map(({ mrn }) => ({
		id: random.id(),
		state: 'done',
		emr_insurance_id: '88001',
		patient_mrn: mrn,
		insurance_provider_id: turn(insurers, 0).id,
		member_id: 'W123456789',
		group_id: 'G100',
		priority: '1',
		plan_begin_date: '2024-01-01',
		copayment: 25,
		relationship_to_subscriber: '01',
		subscriber_demographics: null,
	}));
}

function benefits(count: number): Benefit[] {
	const types = ['Active Coverage', 'Co-Payment', 'Deductible', 'Co-Insurance'] as const;
	return times(count, (index) => ({
		line_number: index + 1,
		benefit_type: turn(types, index),
		benefit_type_code: turn(['1', 'B', 'C', 'A'], index),
		coverage_level: turn(['IND', 'FAM'], index),
		service_type_codes: ['30'],
		insurance_type: 'PPO',
		time_period: 'Calendar Year',
		amount: turn([null, 25, 1500, null], index),
		percent: turn([null, null, null, 0.2], index),
		network_indicator: 'Y',
		messages: [],
		raw_segment: `EB*${turn(['1', 'B', 'C', 'A'], index)}*IND*30~`,
	}));
}

/** The first check has more than a page of benefits, the others a few. */
export function seedEligibilityChecks(
	random: Random,
	patients: Patient[],
	insurers: InsuranceProvider[],
): EligibilityCheck[] {
	const statuses = ['active', 'active', 'inactive', 'unknown', 'error'] as const;
	return times(COUNTS.checks, (index) => {
		const { mrn, ehr_id, first_name, last_name, dob } = turn(known(patients), index);
		const coverage_status = turn(statuses, index);
		const insurer = turn(insurers, index);
		const service_date = daysBefore(index % 90);
		const name = `${first_name} ${last_name}`;
		return {
			id: random.id(),
			emr_id: String(50_001 + index),
			patient_mrn: mrn,
			emr_patient_id: String(ehr_id),
			patient_name: name,
			patient_dob: dob,
			emr_encounter_id: null,
			provider_name: 'Dr. Jose Gonzalez',
			payer_name: insurer.name,
			subscriber_name: name,
			subscriber_member_id: `W${700_000 + index}`,
			patient_relationship: turn(['self', 'self', 'dependent'], index),
			plan_name: `${insurer.name} PPO`,
			coverage_status,
			status_message: coverage_status === 'error' ? 'Subscriber not found.' : null,
			service_date,
			response_at: `${service_date}T10:00:00.000Z`,
			plan_begin_date: '2025-01-01',
			plan_end_date: null,
			benefits_summary: {
				deductible: { individual: 1500, remaining: 400 },
				out_of_pocket: { individual: 6000, remaining: 5100 },
			},
			synced_at: `${service_date}T10:05:00.000Z`,
			benefits: benefits(index === 0 ? COUNTS.benefits : index % 4),
		};
	});
}

/** Documents of the seeded referrals. The last file name is not ASCII, for headers must carry it. */
export function seedDocuments(random: Random, patients: Patient[]): Document[] {
	const pdf = Buffer.from(
		'%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
	);
	const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	const seeds = [
		{ filename: 'referral-letter.pdf', mimetype: 'application/pdf', bytes: pdf },
		{ filename: 'x-ray.png', mimetype: 'image/png', bytes: png },
		{ filename: 'Überweisung "neu".txt', mimetype: 'text/plain', bytes: Buffer.from('Grüße\n') },
	];
	return seeds.map((seed) => ({
		id: random.id(),
		state: 'done',
		patient_mrn: turn(known(patients), 0).mrn,
		folder_name: 'Referrals',
		...seed,
		emr_assigned_to_id: null,
		is_reviewed: false,
		is_high_priority: false,
		notes: null,
	}));
}

/** One per day, backwards. The newest ones have one document each. */
export function seedReferrals(
	random: Random,
	patients: Patient[],
	directory: ReferringProvider[],
	documents: Document[],
): Referral[] {
	return times(COUNTS.referrals, (index) => {
		const other = String(turn(directory, index).ehr_id);
		const isIncoming = index % 2 === 0;
		const referral_date = daysBefore(index);
		return {
			id: random.id(),
			state: 'done',
			ehr_id: String(20_001 + index),
			patient_mrn: turn(known(patients), index).mrn,
			direction: isIncoming ? 'incoming' : 'outgoing',
			from_provider_ehr_id: isIncoming ? other : '118',
			to_provider_ehr_id: isIncoming ? '118' : other,
			priority: turn(['routine', 'routine', 'urgent', 'stat'], index),
			reason: 'Chest pain on exertion',
			diagnosis_codes: ['R07.9'],
			document_ids: documents.slice(index, index + 1).map(({ id }) => id),
			status: turn(['open', 'scheduled', 'closed'], index),
			referral_date,
			created_at: `${referral_date}T09:00:00.000Z`,
		};
	});
}

export function seedClaims(random: Random, patients: Patient[]): Claim[] {
	return times(COUNTS.claims, (index) => ({
		id: random.id(),
		state: 'done',
		emr_claim_id: String(30_001 + index),
		emr_appointment_id: String(40_001 + index),
		patient_mrn: turn(known(patients), index).mrn,
		provider_ehr_id: '118',
		service_date: daysBefore(index),
		claim_date: daysBefore(index),
		claim_status: turn(['PEN', 'SUB', 'PAID'], index),
		total_charge: 350,
		total_payment: turn([0, 0, 280.5], index),
	}));
}

/** Three for each of the first two patients. */
export function seedOrders(random: Random, patients: Patient[]): Order[] {
	const seeds = [
		{ type: 'lab', status: 'completed', order_name: 'Complete blood count' },
		{ type: 'imaging', status: 'pending', order_name: 'Chest X-ray, 2 views' },
		{ type: 'medication', status: 'cancelled', order_name: 'Lisinopril 10 MG' },
	] as const;
	return known(patients.slice(0, 2)).flatMap(({ mrn }, patient) =>
		seeds.map((seed, index) => ({
			id: random.id(),
			order_id: String(10_001 + patient * seeds.length + index),
			...seed,
			order_date: daysBefore(index * 10),
			provider_id: '118',
			patient_mrn: mrn,
			appointment_id: null,
			lab_results: seed.type === 'lab' ? [{ name: 'Hemoglobin', value: '13.9', unit: 'g/dL' }] : [],
		})),
	);
}

export function seedTasks(random: Random, patients: Patient[]): StaffTask[] {
	return known(patients.slice(0, 1)).map(({ mrn }) => ({
		id: random.id(),
		state: 'done',
		emr_task_id: '70001',
		patient_mrn: mrn,
		subject: 'Call back',
		description: 'Asked for her lab results.',
		assignee_user_id: '501',
		phone_call_type_id: null,
		notify_list: [],
	}));
}

export function seedTelephoneEncounters(random: Random, patients: Patient[]): TelephoneEncounter[] {
	return known(patients.slice(0, 1)).map(({ mrn }) => ({
		id: random.id(),
		state: 'done',
		emr_appointment_id: '60001',
		patient_mrn: mrn,
		provider_id: '118',
		location_id: '2',
		assigned_to_id: '502',
		reason: 'Refill',
		refill_medication_name: null,
		pharmacy_ehr_id: null,
	}));
}
