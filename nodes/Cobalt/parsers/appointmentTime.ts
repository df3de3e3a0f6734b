import { dateTime } from '../../shared/parsers/dateTime';
import { CLINIC_YEARS, withinYears } from './yearRange';

/** A date and time at which an appointment may start. */
export const appointmentTime = withinYears(dateTime, CLINIC_YEARS);
