import { byId, fromList, type Prepare } from '../setup.mts';

const create: Prepare = (cobalt) => {
	const [insurer] = cobalt.world.insuranceProviders();
	const [pharmacy] = cobalt.world.pharmacies();
	const [referrer, other] = cobalt.world.referringProviders();
	const ids = {
		insurance_provider_id: insurer?.id ?? '',
		pcp_id: referrer?.id ?? '',
		pharmacy_id: pharmacy?.id ?? '',
		referring_provider_id: other?.id ?? '',
	};
	const body = {
		first_name: 'Ada',
		last_name: 'Byron',
		dob: '1985-12-10',
		address_street: '1 Main Street',
		address_city: 'Boston',
		address_state: 'MA',
		address_zip: '02108',
		cell_phone: '555-123-4567',
		check_eligibility: 'true',
		email: 'ada@example.com',
		emergency_contact_first_name: 'Nathan',
		emergency_contact_last_name: 'Smith',
		emergency_contact_phone: '555-123-4568',
		emergency_contact_relation: 'spouse',
		insurance_name: 'Blue Cross',
		insurance_sequence: 'secondary',
		insurance_subscriber_number: 'W123456789',
		no_email_reason: 'declined',
		pcp_first_name: 'Ana',
		pcp_last_name: 'Lopez',
		phone: '555-123-4567',
		referred_to_provider_id: '118',
		referring_provider_first_name: 'Omar',
		referring_provider_last_name: 'Haddad',
		responsible_party: 'niece_nephew',
		responsible_party_first_name: 'Omar',
		responsible_party_last_name: 'Haddad',
		secondary_insurance_name: 'Aetna',
		secondary_insurance_subscriber_number: 'W987654321',
		sex: 'female',
		...ids,
	};
	const minimal = { first_name: 'Grace', last_name: 'Hopper', dob: '1986-12-09', sex: 'female' };
	return {
		method: 'POST',
		full: {
			parameters: {
				firstName: 'Ada',
				lastName: 'Byron',
				dob: '1985-12-10T00:00:00',
				additionalFields: {
					addressStreet: '1 Main Street',
					addressCity: 'Boston',
					addressState: 'MA',
					addressZip: '02108',
					cellPhone: '={{ 5551234567 }}',
					checkEligibility: true,
					email: 'ada@example.com',
					emergencyContactFirstName: 'Nathan',
					emergencyContactLastName: 'Smith',
					emergencyContactPhone: '(555) 123-4568',
					emergencyContactRelation: 'spouse',
					insuranceName: 'Blue Cross',
					insuranceProviderId: fromList(ids.insurance_provider_id, 'Aetna 1'),
					insuranceSequence: 'secondary',
					insuranceSubscriberNumber: 'W123456789',
					noEmailReason: 'declined',
					pcpFirstName: 'Ana',
					pcpId: byId(ids.pcp_id),
					pcpLastName: 'Lopez',
					pharmacyId: fromList(ids.pharmacy_id, 'Corner Pharmacy'),
					phone: '555-123-4567',
					referredToProviderId: byId('118'),
					referringProviderFirstName: 'Omar',
					referringProviderId: byId(ids.referring_provider_id),
					referringProviderLastName: 'Haddad',
					responsibleParty: 'niece_nephew',
					responsiblePartyFirstName: 'Omar',
					responsiblePartyLastName: 'Haddad',
					secondaryInsuranceName: 'Aetna',
					secondaryInsuranceSubscriberNumber: 'W987654321',
					sex: 'female',
				},
			},
			path: '/patients',
			body,
			record: { ...body, status: 'active' },
		},
		minimal: {
			parameters: {
				firstName: 'Grace',
				lastName: 'Hopper',
				dob: '1986-12-09',
				additionalFields: { sex: 'female' },
			},
			path: '/patients',
			body: minimal,
			record: { ...minimal, status: 'active' },
		},
		timeout: 120,
		event: 'patient.created',
		recordKey: 'patient_id',
		recordOf: (id) => cobalt.world.patients({ id })[0],
		undone: { status: 'failed', mrn: null },
	};
};

/** As Create, for patients who are not there. */
const findOrCreate: Prepare = async (cobalt) => {
	const created = await create(cobalt);
	const { full } = created;
	const parameters = { ...full.parameters, matchBy: 'allGivenFields' };
	const unknown = { event_id: null, event_type: null, event_created_at: null, mrn: null };
	return { ...created, full: { ...full, parameters }, pending: { created: true, ...unknown } };
};

const update: Prepare = (cobalt) => {
	const [patient] = cobalt.world.patients({ mrn: '804' });
	const [referrer, other] = cobalt.world.referringProviders();
	const id = patient?.id ?? '';
	const changes = {
		address_street: '2 Side Street',
		address_line2: 'Apartment 4',
		address_city: 'Albany',
		address_state: 'NY',
		address_zip: '12207-1234',
		cell_phone: '518-555-0199',
		email: 'john@example.com',
		phone: '518-555-0198',
		pcp_first_name: 'Ana',
		pcp_id: referrer?.id ?? '',
		pcp_last_name: 'Lopez',
		referred_to_provider_id: '118',
		referring_provider_first_name: 'Omar',
		referring_provider_id: other?.id ?? '',
		referring_provider_last_name: 'Haddad',
	};
	return {
		method: 'PATCH',
		full: {
			parameters: {
				patientId: id,
				updateFields: {
					addressStreet: '2 Side Street',
					addressLine2: 'Apartment 4',
					addressCity: 'Albany',
					addressState: 'ny',
					addressZip: '12207-1234',
					cellPhone: '(518) 555-0199',
					email: 'john@example.com',
					phone: '+1 518.555.0198',
					savePreviousAddress: false,
					pcpFirstName: 'Ana',
					pcpId: fromList(changes.pcp_id, 'Ellen Brandt'),
					pcpLastName: 'Lopez',
					referredToProviderId: byId('118'),
					referringProviderFirstName: 'Omar',
					referringProviderId: byId(changes.referring_provider_id),
					referringProviderLastName: 'Haddad',
				},
			},
			path: `/patients/${id}`,
			body: { ...changes, save_previous_address: false },
			record: { ...changes, status: 'active', mrn: '804' },
		},
		minimal: {
			parameters: { patientId: id, updateFields: { phone: '5185550198' } },
			path: `/patients/${id}`,
			body: { phone: '518-555-0198' },
			record: { phone: '518-555-0198', status: 'active', last_name: 'Doe' },
		},
		timeout: 120,
		recordKey: 'patient_id',
		recordOf: (record) => cobalt.world.patients({ id: record })[0],
		undone: { phone: patient?.phone, status: 'active' },
	};
};

const addInsurance: Prepare = (cobalt) => {
	const [, , insurer] = cobalt.world.insuranceProviders();
	const id = insurer?.id ?? '';
	const subscriber = {
		first_name: 'Nathan',
		last_name: 'Smith',
		street_line_1: '1 Main Street',
		city: 'Boston',
		state: 'MA',
		zip: '02108',
		sex: 'male',
		dob: '1980-05-17',
		phone: '555-123-4567',
	};
	return {
		method: 'POST',
		full: {
			parameters: {
				patientMrn: '804',
				memberId: 'W123456789',
				insuranceProviderId: fromList(id, 'Cigna 1'),
				additionalFields: {
					copayment: 12.5,
					groupId: '98765',
					planBeginDate: '2025-01-01T00:00:00',
					priority: '2',
					relationshipToSubscriber: 'spouse',
					subscriberDemographicsFirstName: 'Nathan',
					subscriberDemographicsLastName: 'Smith',
					subscriberDemographicsStreetLine1: '1 Main Street',
					subscriberDemographicsCity: 'Boston',
					subscriberDemographicsState: 'ma',
					subscriberDemographicsZip: '02108',
					subscriberDemographicsSex: 'male',
					subscriberDemographicsDob: '1980-05-17',
					subscriberDemographicsPhone: '555 123 4567',
				},
			},
			path: '/patients/804/insurances',
			body: {
				member_id: 'W123456789',
				copayment: 12.5,
				group_id: '98765',
				insurance_provider_id: id,
				plan_begin_date: '2025-01-01',
				priority: '2',
				relationship_to_subscriber: 'spouse',
				subscriber_demographics: subscriber,
			},
			record: {
				state: 'done',
				patient_mrn: '804',
				member_id: 'W123456789',
				copayment: 12.5,
				group_id: '98765',
				insurance_provider_id: id,
				plan_begin_date: '2025-01-01',
				priority: '2',
				relationship_to_subscriber: 'spouse',
				subscriber_demographics: subscriber,
			},
		},
		// Of these, eClinicalWorks wants the date.
		minimal: {
			parameters: {
				patientMrn: 'MRN123456',
				memberId: '={{ 123456789 }}',
				insuranceProviderId: id,
				additionalFields: { planBeginDate: '2025-01-01' },
			},
			path: '/patients/MRN123456/insurances',
			body: { member_id: '123456789', insurance_provider_id: id, plan_begin_date: '2025-01-01' },
			record: { state: 'done', priority: null, copayment: null, subscriber_demographics: null },
		},
		timeout: 120,
		event: 'patient.insurance.added',
		recordKey: 'patient_insurance_id',
		recordOf: (record) => cobalt.world.insurances({ id: record })[0],
		undone: { state: 'failed', emr_insurance_id: null },
	};
};

const updateInsurance: Prepare = (cobalt) => {
	const [, insurer] = cobalt.world.insuranceProviders();
	const path = '/patients/123456789/insurances/88001';
	const subscriber = {
		first_name: 'Nathan',
		last_name: 'Smith',
		street_line_1: '1 Main Street',
		city: 'Boston',
		state: 'MA',
		zip: '02108-1234',
		sex: 'unknown',
		dob: '1980-05-17',
		phone: '555-123-4567',
	};
	const changes = {
		copayment: 0,
		group_id: 'G200',
		member_id: 'W1',
		plan_begin_date: '2025-02-01',
		relationship_to_subscriber: '33',
		subscriber_demographics: subscriber,
	};
	return {
		method: 'PATCH',
		full: {
			parameters: {
				patientMrn: '123456789',
				emrInsuranceId: '={{ 88001 }}',
				updateFields: {
					copayment: 0,
					groupId: 'G200',
					insuranceName: insurer?.name ?? '',
					insurancePayerId: insurer?.payer_id ?? '',
					memberId: 'W1',
					planBeginDate: '2025-02-01',
					relationshipToSubscriber: '33',
					subscriberDemographicsFirstName: 'Nathan',
					subscriberDemographicsLastName: 'Smith',
					subscriberDemographicsStreetLine1: '1 Main Street',
					subscriberDemographicsCity: 'Boston',
					subscriberDemographicsState: 'MA',
					subscriberDemographicsZip: '02108-1234',
					subscriberDemographicsSex: 'unknown',
					subscriberDemographicsDob: '1980-05-17',
					subscriberDemographicsPhone: '555-123-4567',
				},
			},
			path,
			body: { ...changes, insurance_name: insurer?.name, insurance_payer_id: insurer?.payer_id },
			record: { ...changes, state: 'done', insurance_provider_id: insurer?.id, priority: '1' },
		},
		minimal: {
			parameters: {
				patientMrn: '123456789',
				emrInsuranceId: '88001',
				updateFields: { groupId: 'G200' },
			},
			path,
			body: { group_id: 'G200' },
			record: { state: 'done', group_id: 'G200', member_id: 'W123456789', copayment: 25 },
		},
		timeout: 120,
		event: 'patient.insurance.updated',
		recordKey: 'patient_insurance_id',
		recordOf: (id) => cobalt.world.insurances({ id })[0],
		undone: { state: 'done', group_id: 'G100' },
	};
};

export const patients: Record<string, Prepare> = {
	'patient.create': create,
	'patient.findOrCreate': findOrCreate,
	'patient.update': update,
	'patientInsurance.create': addInsurance,
	'patientInsurance.update': updateInsurance,
};
