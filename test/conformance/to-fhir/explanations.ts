import type { Difference } from './compare-bundles.ts';

/** Why ours and theirs differ. The first that fits a difference explains it. */
export interface Explanation {
  readonly id: string;
  /** The published tables that the reason rests on. */
  readonly tables: string;
  readonly reason: string;
  /** Tried on `kind path`, such as `theirs Patient.active`. */
  readonly fits: RegExp;
}

const OTHER_TYPES =
  'EpisodeOfCare|CareTeam|Medication|MedicationRequest|MedicationDispense|SupplyRequest|NutritionOrder|Consent|Linkage|ResearchStudy|Substance|ClaimResponse|Task|Basic|Group|Composition|Binary';

export const EXPLANATIONS: readonly Explanation[] = [
  {
    id: 'other-resources',
    tables: 'RXO, TQ1[MedicationRequest], DG1[EpisodeOfCare], MRG, CON, CTI and others',
    reason:
      'Resources of types that this conversion does not make: medication and supply orders, consents, studies, episodes of care. Their messages are not among those converted, or their segments have no published table that is ready. Merges are two linked patients here, not a Linkage.',
    fits: new RegExp(String.raw`^\w+ (?:${OTHER_TYPES})\.`),
  },
  {
    id: 'labels',
    tables: 'CWE[CodeableConcept], code maps',
    reason:
      'Theirs adds labels to codes from lists of its own. Ours has the label of the code map where the map changes the code, and else what the sender wrote; a label that nobody sent is not invented.',
    fits: /\.display$/,
  },
  {
    id: 'role-texts',
    tables: 'PV1[Encounter], PR1[Procedure], SCH[Appointment]',
    reason: 'The coded role says the same as the text beside it.',
    fits: /^\w+ (?:Encounter\.participant\.type|Encounter\.identifier\.type|Procedure\.performer\.function|Appointment\.participant\.type)\.text$/,
  },
  {
    id: 'original-codes',
    tables: 'code maps; CWE[CodeableConcept]',
    reason:
      "Where a code map changes a code, ours keeps the sender's code as a further coding with its system, so that nothing is lost and a wrong map can be seen. Codes that the map does not know are kept and listed; theirs drops some and passes others on as they are.",
    fits: /\.(?:coding|valueCoding|class|eventCoding|tag|security)(?:\.\w+)?\.(?:code|version|userSelected)$|\.(?:class|valueCoding)\.code$/,
  },
  {
    id: 'systems',
    tables: 'CX[Identifier], EI[Identifier-Extension], HD[uri], CWE[CodeableConcept]; HL7 table 0396',
    reason:
      'Coding systems and assigning authorities as URIs: universal ids as urn:oid or urn:uuid, systems of table 0396 by the URI that terminology.hl7.org gives them, names that only the sender knows by a URI that keeps the name. Theirs uses placeholder addresses, or none.',
    fits: /\.system$/,
  },
  {
    id: 'assigners',
    tables: 'CX[Identifier], XCN[Practitioner], XON[Organization]',
    reason:
      'The assigning authority is named in the identifier (assigner.display) and told by its system. Theirs makes an Organization of each, which would fill the practice with organizations that nobody looks up.',
    fits: /\.assigner\./,
  },
  {
    id: 'identifiers',
    tables:
      'PID[Patient], NK1[RelatedPerson], IN1[Coverage], DG1[Condition], SPM[Specimen], OBX[Observation], HD[Organization]',
    reason:
      'Identifiers: ours takes those that the tables name and gives order, account and visit numbers their type. Theirs also takes identifiers of segments without a published table (IN2, GT1, ACC, PDA, OH1), and puts bare universal ids beside prefixed ones.',
    fits: /\.(?:identifier|masterIdentifier|accessionIdentifier|preAdmissionIdentifier|requisition)\./,
  },
  {
    id: 'provenance',
    tables: 'MSH[Provenance-Source], MSH[Provenance-Transformation], EVN[Provenance], ORC[Provenance], SFT[Device]',
    reason:
      'Ours has one Provenance of the sender and one of the event, both about all that the message reports. Theirs has some of single orders, of the software (SFT) and of the conversion itself, whose time would make each conversion another.',
    fits: /^\w+ Provenance\./,
  },
  {
    id: 'header',
    tables: 'MSH[MessageHeader], HD[MessageHeader.source-name], HD[MessageHeader.destination-name]',
    reason:
      'Names of applications are MSH-3.1 and MSH-5.1, universal ids are endpoints; security texts (MSH-8) are no codes and are left out. The focus tells what the message is about.',
    fits: /^\w+ MessageHeader\./,
  },
  {
    id: 'devices',
    tables: 'HD[Device], SFT[Device], OBX[Observation], PRT[Device]',
    reason:
      'Ours makes devices of receiving applications, of equipment (OBX-18) and of appointment resources. Software (SFT) is told in the header; UDI data of PRT is not read.',
    fits: /^\w+ Device\./,
  },
  {
    id: 'places',
    tables: 'PL[Location], XON[Location], DLD[Location-Discharge]',
    reason:
      'Each level of PL is a Location with its name, part of the next wider one; the description stands at the narrowest only. Theirs writes universal ids as further identifiers and makes Locations of segments that have no table.',
    fits: /^\w+ Location\./,
  },
  {
    id: 'organizations',
    tables: 'XON[Organization], HD[Organization], IN1[Coverage], NK1[Patient]',
    reason:
      'Organizations of insurance companies have the name, address and telephone of IN1 together, so that they are one resource. Theirs also makes organizations of IN2, GT1, OH1 and of assigning authorities, links facilities to each other, and adds the country of MSH-17.',
    fits: /^\w+ Organization\./,
  },
  {
    id: 'practitioners',
    tables: 'XCN[Practitioner], XCN[PractitionerRole], CNN[Practitioner], ROL, PRT, ORC-24',
    reason:
      'A person who is named in the same words is one Practitioner. The degree is a qualification (XCN.7), not a suffix. Roles of ROL stand in the visit; PRT, and addresses of ORC-24, are not read. Theirs makes a PractitionerRole of many fields and persons of segments that have no table.',
    fits: /^\w+ (?:Practitioner|PractitionerRole)\./,
  },
  {
    id: 'languages',
    tables: 'PID[Patient], NK1[RelatedPerson], code map PrimaryLanguage',
    reason: 'Languages as BCP 47 with the code as sent; that a language is preferred is not said by PID-15.',
    fits: /\.communication\./,
  },
  {
    id: 'extensions',
    tables: 'PID[Patient], PD1[Patient], PV2[Encounter], OBX[Observation], NK1[RelatedPerson]',
    reason:
      "Extensions: ours has those that FHIR R4 and US Core define, with the values of the table's field. Of a mother's maiden name only the family name (XPN[string] would join all parts, which the extension does not mean). Theirs adds ones of ARV, OH1 to OH4 and of proposals that were not taken up.",
    fits: /\.extension\./,
  },
  {
    id: 'telecom',
    tables: 'XTN[ContactPoint], code maps TelecommunicationUseCode, TelecommunicationEquipmentType',
    reason:
      'Telephones: a number in parts is put together as the table says, and each field fills its own use (home, work) where the sender gives none; a cellular phone is mobile whatever its use. An entry without a number is none.',
    fits: /\.telecom\./,
  },
  {
    id: 'addresses',
    tables: 'XAD[Address], PID[Patient]',
    reason:
      'Addresses: PID-12 fills the county where XAD.9 is empty; theirs lets it win. Types of table 0190 that FHIR has no code for are left out.',
    fits: /\.address\./,
  },
  {
    id: 'names',
    tables: 'XPN[HumanName], FN[HumanName], code map NameType',
    reason:
      'Names: the call name (XPN.15) is a name of its own with the use nickname; blanks around parts are taken off; professional suffixes come last. Theirs also takes names from segments that have no table.',
    fits: /^\w+ (?:Patient|RelatedPerson)\.(?:contact\.)?name\./,
  },
  {
    id: 'patient',
    tables: 'PID[Patient], PD1[Patient], MRG',
    reason:
      'Whether a record is active is told by a merge only; security labels of ARV, last update (PID-33) and double wards of merges are not elements of the patient. Links of a merge are told on both sides.',
    fits: /^\w+ Patient\./,
  },
  {
    id: 'relatives',
    tables: 'NK1[RelatedPerson], GT1, IN1[Coverage]',
    reason:
      'Next of kin are related persons, and so are guarantors (GT1) and subscribers (IN1-16) that are not the patient. In messages whose published map leaves NK1 open, ours makes them too; theirs makes them of other fields.',
    fits: /^\w+ RelatedPerson\./,
  },
  {
    id: 'accounts',
    tables: 'PID[Account], MRG[Account]',
    reason:
      'Accounts are made where money and visits are the subject (ADT, BAR, DFT) and refer to coverage and guarantors of the message. In results, orders and documents, PID-18 adds nothing.',
    fits: /^\w+ (?:Account\.|Encounter\.account)/,
  },
  {
    id: 'visits',
    tables: 'PV1[Encounter], PV2[Encounter], MSH[Encounter], DG1[Encounter]',
    reason:
      "The state of a visit: cancelled and discharged by the event, then PV1-45, then the patient class, then the event. Beds are told as PV1 tells them: planned for preadmission, completed after discharge. Unit of stay 'days' with the UCUM code d. Coded fields are kept with the sender's codes. Episode, security labels of ARV and descriptions as narrative are not made.",
    fits: /^\w+ Encounter\./,
  },
  {
    id: 'coverage',
    tables: 'IN1[Coverage], PV1[Coverage]',
    reason:
      'Coverage has the fields of IN1, with group and plan as classes, the payer as an Organization, and the order of the segments. IN2, IN3 and the financial class (PV1-20, which marks the sliding fee here) are not read.',
    fits: /^\w+ Coverage\./,
  },
  {
    id: 'allergies',
    tables: 'AL1[AllergyIntolerance], IAM[AllergyIntolerance]',
    reason:
      'Severity belongs to the reaction when there is one, else it is the criticality; the date is the onset of the allergy (AL1-6). Fields of IAM beyond its table are not read.',
    fits: /^\w+ AllergyIntolerance\./,
  },
  {
    id: 'diagnoses-and-procedures',
    tables: 'DG1[Condition], PR1[Procedure]',
    reason:
      'Conditions are linked to their visit and marked as diagnoses of it; parents are told by their identifiers. What was done is told as of unknown state, as the table says. Charges (FT1) make no procedures of their own, and OH and ACC segments no conditions.',
    fits: /^\w+ (?:Condition|Procedure)\./,
  },
  {
    id: 'observations',
    tables:
      'OBX[Observation], OBX[Observation-Component], ObservationResultStatusCodesInterpretation, NTE[Observation]',
    reason:
      'States that the code map leaves out are told as near as FHIR can (R and S preliminary, I registered). A result has the units, range, method and performers of its own OBX; when OBX-14 is empty the time is OBR-7. Zeros at the end of a number are told by an extension. Lines of text are one text; theirs makes components. Documents are DocumentReferences that the result is derived from. Theirs also makes observations of ACC, PDA, OH and PD1.',
    fits: /^\w+ Observation\./,
  },
  {
    id: 'reports',
    tables: 'OBR[DiagnosticReport], ORC[DiagnosticReport], ResultStatus[Non-Queries]',
    reason:
      'One report for each OBR of a result message, with its order numbers, order, visit and times. Notes behind OBR stay with the report. Embedded documents are DocumentReferences, not a second copy in the report. Orders and charges make no reports.',
    fits: /^\w+ DiagnosticReport\./,
  },
  {
    id: 'orders',
    tables:
      'ORC[ServiceRequest], OBR[ServiceRequest], TQ1[ServiceRequest], OrderStatus, OrderControlCode, SCH[ServiceRequest]',
    reason:
      'One order for each ORC with its OBR; in results it is there when it has a number. Its state is ORC-5, else ORC-1, in results OBR-25. Repeat patterns are read from TQ1 with code, bounds, count and times of day; intervals and phrases of TQ and RPT beyond them are not. Theirs also makes orders of charges, visits and appointments, and of fields that have no table.',
    fits: /^\w+ ServiceRequest\./,
  },
  {
    id: 'specimens',
    tables: 'SPM[Specimen], OBR[Specimen], SPS[Specimen-Source]',
    reason:
      'A specimen is made where something is told of it, and what OBR and SPM tell is one specimen. A collection time alone (OBR-7) is the time of the result. Containers (SAC), roles and parents beyond the table are not read.',
    fits: /^\w+ Specimen\./,
  },
  {
    id: 'documents',
    tables: 'TXA[DocumentReference], OBX[DocumentReference]',
    reason:
      'The texts of all OBX segments are the lines of one content; documents in ED and RP are contents of their own. Availability tells the state; a parent (TXA-13) is appended to by an addendum (T05, T06) and replaced by all others. The patient is the subject, and embedded documents of results are documents as well.',
    fits: /^\w+ DocumentReference\./,
  },
  {
    id: 'immunizations',
    tables: 'RXA[Immunization], ORC[Immunization], RXR[Immunization]',
    reason:
      'RXA-9 tells whether the record is a first-hand one; an amount of 999 is none; the place (RXA-11, RXA-27) and the orderer are kept. Eligibility and funding are taken from their LOINC codes.',
    fits: /^\w+ Immunization\./,
  },
  {
    id: 'appointments',
    tables: 'SCH[Appointment], AIS, AIG, AIL, AIP, TQ1',
    reason:
      'Times are SCH-11 (TQ1 where that is empty), not those of single resources; what is cancelled, deleted or not kept is told by the event. Every participant has a state, the patient is the first. Notes are one comment. One without a time is proposed, as FHIR knows no other.',
    fits: /^\w+ Appointment\./,
  },
  {
    id: 'charges',
    tables: 'none: FT1 has no published table',
    reason:
      'A charge has its number, code, dates, quantity, price, diagnoses and persons. Theirs puts further fields into other elements, and makes charges of segments that belong to no charge.',
    fits: /^\w+ ChargeItem\./,
  },
];

/** What explains a difference; undefined when nothing does. */
export function explain({ kind, path }: Difference): Explanation | undefined {
  const text = `${kind} ${path}`;
  return EXPLANATIONS.find(({ fits }) => fits.test(text));
}
