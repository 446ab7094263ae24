/*
 * The structure of FHIR R4 (4.0.1) in short. An element is written
 *
 *   name CARDINALITY : types (codes of a required binding)
 *
 * where the cardinality is nothing (0..1), ! (1..1), * (0..*) or + (1..*), types are separated by |, a backbone element
 * has its elements in braces, @ names the element whose content is repeated, and name[x] is a choice. What every resource
 * has (id, meta, text, contained, extensions …) is left out. r4-definitions.test.ts holds it against the published definitions.
 */

/** The resources that the program makes or reads, by their type. */
export const R4_RESOURCES: Readonly<Record<string, string>> = Object.freeze({
  Account: `
    identifier*:Identifier status!:code(active|inactive|entered-in-error|on-hold|unknown) type:CodeableConcept
    name:string subject*:Reference servicePeriod:Period coverage*{coverage!:Reference priority:positiveInt}
    owner:Reference description:string guarantor*{party!:Reference onHold:boolean period:Period} partOf:Reference`,
  AllergyIntolerance: `
    identifier*:Identifier clinicalStatus:CodeableConcept(active|inactive|resolved)
    verificationStatus:CodeableConcept(unconfirmed|confirmed|refuted|entered-in-error)
    type:code(allergy|intolerance) category*:code(food|medication|environment|biologic)
    criticality:code(low|high|unable-to-assess) code:CodeableConcept patient!:Reference encounter:Reference
    onset[x]:dateTime|Age|Period|Range|string recordedDate:dateTime recorder:Reference asserter:Reference
    lastOccurrence:dateTime note*:Annotation reaction*{substance:CodeableConcept manifestation+:CodeableConcept
    description:string onset:dateTime severity:code(mild|moderate|severe) exposureRoute:CodeableConcept
    note*:Annotation}`,
  Appointment: `
    identifier*:Identifier
    status!:code(proposed|pending|booked|arrived|fulfilled|cancelled|noshow|entered-in-error|checked-in|waitlist)
    cancelationReason:CodeableConcept serviceCategory*:CodeableConcept serviceType*:CodeableConcept
    specialty*:CodeableConcept appointmentType:CodeableConcept reasonCode*:CodeableConcept
    reasonReference*:Reference priority:unsignedInt description:string supportingInformation*:Reference
    start:instant end:instant minutesDuration:positiveInt slot*:Reference created:dateTime comment:string
    patientInstruction:string basedOn*:Reference participant+{type*:CodeableConcept actor:Reference
    required:code(required|optional|information-only) status!:code(accepted|declined|tentative|needs-action)
    period:Period} requestedPeriod*:Period`,
  Bundle: `
    identifier:Identifier
    type!:code(document|message|transaction|transaction-response|batch|batch-response|history|searchset|collection)
    timestamp:instant total:unsignedInt link*{relation!:string url!:uri} entry*{link*:@Bundle.link fullUrl:uri
    resource:Resource search{mode:code(match|include|outcome) score:decimal}
    request{method!:code(GET|HEAD|POST|PUT|DELETE|PATCH) url!:uri ifNoneMatch:string ifModifiedSince:instant
    ifMatch:string ifNoneExist:string} response{status!:string location:uri etag:string lastModified:instant
    outcome:OperationOutcome}} signature:Signature`,
  ChargeItem: `
    identifier*:Identifier definitionUri*:uri definitionCanonical*:canonical
    status!:code(planned|billable|not-billable|aborted|billed|entered-in-error|unknown) partOf*:Reference
    code!:CodeableConcept subject!:Reference context:Reference occurrence[x]:dateTime|Period|Timing
    performer*{function:CodeableConcept actor!:Reference} performingOrganization:Reference
    requestingOrganization:Reference costCenter:Reference quantity:Quantity bodysite*:CodeableConcept
    factorOverride:decimal priceOverride:Money overrideReason:string enterer:Reference enteredDate:dateTime
    reason*:CodeableConcept service*:Reference product[x]:Reference|CodeableConcept account*:Reference
    note*:Annotation supportingInformation*:Reference`,
  Condition: `
    identifier*:Identifier clinicalStatus:CodeableConcept(active|recurrence|relapse|inactive|remission|resolved)
    verificationStatus:CodeableConcept(unconfirmed|provisional|differential|confirmed|refuted|entered-in-error)
    category*:CodeableConcept severity:CodeableConcept code:CodeableConcept bodySite*:CodeableConcept
    subject!:Reference encounter:Reference onset[x]:dateTime|Age|Period|Range|string
    abatement[x]:dateTime|Age|Period|Range|string recordedDate:dateTime recorder:Reference asserter:Reference
    stage*{summary:CodeableConcept assessment*:Reference type:CodeableConcept} evidence*{code*:CodeableConcept
    detail*:Reference} note*:Annotation`,
  Coverage: `
    identifier*:Identifier status!:code(active|cancelled|draft|entered-in-error) type:CodeableConcept
    policyHolder:Reference subscriber:Reference subscriberId:string beneficiary!:Reference dependent:string
    relationship:CodeableConcept period:Period payor+:Reference class*{type!:CodeableConcept value!:string
    name:string} order:positiveInt network:string costToBeneficiary*{type:CodeableConcept value[x]!:Quantity|Money
    exception*{type!:CodeableConcept period:Period}} subrogation:boolean contract*:Reference`,
  Device: `
    identifier*:Identifier definition:Reference udiCarrier*{deviceIdentifier:string issuer:uri jurisdiction:uri
    carrierAIDC:base64Binary carrierHRF:string entryType:code(barcode|rfid|manual|card|self-reported|unknown)}
    status:code(active|inactive|entered-in-error|unknown) statusReason*:CodeableConcept distinctIdentifier:string
    manufacturer:string manufactureDate:dateTime expirationDate:dateTime lotNumber:string serialNumber:string
    deviceName*{name!:string
    type!:code(udi-label-name|user-friendly-name|patient-reported-name|manufacturer-name|model-name|other)}
    modelNumber:string partNumber:string type:CodeableConcept specialization*{systemType!:CodeableConcept
    version:string} version*{type:CodeableConcept component:Identifier value!:string}
    property*{type!:CodeableConcept valueQuantity*:Quantity valueCode*:CodeableConcept} patient:Reference
    owner:Reference contact*:ContactPoint location:Reference url:uri note*:Annotation safety*:CodeableConcept
    parent:Reference`,
  DiagnosticReport: `
    identifier*:Identifier basedOn*:Reference
    status!:code(registered|partial|preliminary|final|amended|corrected|appended|cancelled|entered-in-error|unknown)
    category*:CodeableConcept code!:CodeableConcept subject:Reference encounter:Reference
    effective[x]:dateTime|Period issued:instant performer*:Reference resultsInterpreter*:Reference
    specimen*:Reference result*:Reference imagingStudy*:Reference media*{comment:string link!:Reference}
    conclusion:string conclusionCode*:CodeableConcept presentedForm*:Attachment`,
  DocumentReference: `
    masterIdentifier:Identifier identifier*:Identifier status!:code(current|superseded|entered-in-error)
    docStatus:code(preliminary|final|amended|entered-in-error) type:CodeableConcept category*:CodeableConcept
    subject:Reference date:instant author*:Reference authenticator:Reference custodian:Reference
    relatesTo*{code!:code(replaces|transforms|signs|appends) target!:Reference} description:string
    securityLabel*:CodeableConcept content+{attachment!:Attachment format:Coding} context{encounter*:Reference
    event*:CodeableConcept period:Period facilityType:CodeableConcept practiceSetting:CodeableConcept
    sourcePatientInfo:Reference related*:Reference}`,
  Encounter: `
    identifier*:Identifier
    status!:code(planned|arrived|triaged|in-progress|onleave|finished|cancelled|entered-in-error|unknown)
    statusHistory*{status!:code(planned|arrived|triaged|in-progress|onleave|finished|cancelled|entered-in-error|unknown)
    period!:Period} class!:Coding classHistory*{class!:Coding period!:Period} type*:CodeableConcept
    serviceType:CodeableConcept priority:CodeableConcept subject:Reference episodeOfCare*:Reference
    basedOn*:Reference participant*{type*:CodeableConcept period:Period individual:Reference} appointment*:Reference
    period:Period length:Duration reasonCode*:CodeableConcept reasonReference*:Reference
    diagnosis*{condition!:Reference use:CodeableConcept rank:positiveInt} account*:Reference
    hospitalization{preAdmissionIdentifier:Identifier origin:Reference admitSource:CodeableConcept
    reAdmission:CodeableConcept dietPreference*:CodeableConcept specialCourtesy*:CodeableConcept
    specialArrangement*:CodeableConcept destination:Reference dischargeDisposition:CodeableConcept}
    location*{location!:Reference status:code(planned|active|reserved|completed) physicalType:CodeableConcept
    period:Period} serviceProvider:Reference partOf:Reference`,
  Immunization: `
    identifier*:Identifier status!:code(completed|entered-in-error|not-done) statusReason:CodeableConcept
    vaccineCode!:CodeableConcept patient!:Reference encounter:Reference occurrence[x]!:dateTime|string
    recorded:dateTime primarySource:boolean reportOrigin:CodeableConcept location:Reference manufacturer:Reference
    lotNumber:string expirationDate:date site:CodeableConcept route:CodeableConcept doseQuantity:Quantity
    performer*{function:CodeableConcept actor!:Reference} note*:Annotation reasonCode*:CodeableConcept
    reasonReference*:Reference isSubpotent:boolean subpotentReason*:CodeableConcept education*{documentType:string
    reference:uri publicationDate:dateTime presentationDate:dateTime} programEligibility*:CodeableConcept
    fundingSource:CodeableConcept reaction*{date:dateTime detail:Reference reported:boolean}
    protocolApplied*{series:string authority:Reference targetDisease*:CodeableConcept
    doseNumber[x]!:positiveInt|string seriesDoses[x]:positiveInt|string}`,
  Location: `
    identifier*:Identifier status:code(active|suspended|inactive) operationalStatus:Coding name:string alias*:string
    description:string mode:code(instance|kind) type*:CodeableConcept telecom*:ContactPoint address:Address
    physicalType:CodeableConcept position{longitude!:decimal latitude!:decimal altitude:decimal}
    managingOrganization:Reference partOf:Reference hoursOfOperation*{daysOfWeek*:code(mon|tue|wed|thu|fri|sat|sun)
    allDay:boolean openingTime:time closingTime:time} availabilityExceptions:string endpoint*:Reference`,
  MessageHeader: `
    event[x]!:Coding|uri destination*{name:string target:Reference endpoint!:url receiver:Reference}
    sender:Reference enterer:Reference author:Reference source!{name:string software:string version:string
    contact:ContactPoint endpoint!:url} responsible:Reference reason:CodeableConcept response{identifier!:id
    code!:code(ok|transient-error|fatal-error) details:Reference} focus*:Reference definition:canonical`,
  Observation: `
    identifier*:Identifier basedOn*:Reference partOf*:Reference
    status!:code(registered|preliminary|final|amended|corrected|cancelled|entered-in-error|unknown)
    category*:CodeableConcept code!:CodeableConcept subject:Reference focus*:Reference encounter:Reference
    effective[x]:dateTime|Period|Timing|instant issued:instant performer*:Reference
    value[x]:Quantity|CodeableConcept|string|boolean|integer|Range|Ratio|SampledData|time|dateTime|Period
    dataAbsentReason:CodeableConcept interpretation*:CodeableConcept note*:Annotation bodySite:CodeableConcept
    method:CodeableConcept specimen:Reference device:Reference referenceRange*{low:Quantity high:Quantity
    type:CodeableConcept appliesTo*:CodeableConcept age:Range text:string} hasMember*:Reference
    derivedFrom*:Reference component*{code!:CodeableConcept
    value[x]:Quantity|CodeableConcept|string|boolean|integer|Range|Ratio|SampledData|time|dateTime|Period
    dataAbsentReason:CodeableConcept interpretation*:CodeableConcept referenceRange*:@Observation.referenceRange}`,
  Organization: `
    identifier*:Identifier active:boolean type*:CodeableConcept name:string alias*:string telecom*:ContactPoint
    address*:Address partOf:Reference contact*{purpose:CodeableConcept name:HumanName telecom*:ContactPoint
    address:Address} endpoint*:Reference`,
  Patient: `
    identifier*:Identifier active:boolean name*:HumanName telecom*:ContactPoint
    gender:code(male|female|other|unknown) birthDate:date deceased[x]:boolean|dateTime address*:Address
    maritalStatus:CodeableConcept multipleBirth[x]:boolean|integer photo*:Attachment
    contact*{relationship*:CodeableConcept name:HumanName telecom*:ContactPoint address:Address
    gender:code(male|female|other|unknown) organization:Reference period:Period}
    communication*{language!:CodeableConcept preferred:boolean} generalPractitioner*:Reference
    managingOrganization:Reference link*{other!:Reference type!:code(replaced-by|replaces|refer|seealso)}`,
  Practitioner: `
    identifier*:Identifier active:boolean name*:HumanName telecom*:ContactPoint address*:Address
    gender:code(male|female|other|unknown) birthDate:date photo*:Attachment qualification*{identifier*:Identifier
    code!:CodeableConcept period:Period issuer:Reference} communication*:CodeableConcept`,
  PractitionerRole: `
    identifier*:Identifier active:boolean period:Period practitioner:Reference organization:Reference
    code*:CodeableConcept specialty*:CodeableConcept location*:Reference healthcareService*:Reference
    telecom*:ContactPoint availableTime*{daysOfWeek*:code(mon|tue|wed|thu|fri|sat|sun) allDay:boolean
    availableStartTime:time availableEndTime:time} notAvailable*{description!:string during:Period}
    availabilityExceptions:string endpoint*:Reference`,
  Procedure: `
    identifier*:Identifier instantiatesCanonical*:canonical instantiatesUri*:uri basedOn*:Reference
    partOf*:Reference
    status!:code(preparation|in-progress|not-done|on-hold|stopped|completed|entered-in-error|unknown)
    statusReason:CodeableConcept category:CodeableConcept code:CodeableConcept subject!:Reference
    encounter:Reference performed[x]:dateTime|Period|string|Age|Range recorder:Reference asserter:Reference
    performer*{function:CodeableConcept actor!:Reference onBehalfOf:Reference} location:Reference
    reasonCode*:CodeableConcept reasonReference*:Reference bodySite*:CodeableConcept outcome:CodeableConcept
    report*:Reference complication*:CodeableConcept complicationDetail*:Reference followUp*:CodeableConcept
    note*:Annotation focalDevice*{action:CodeableConcept manipulated!:Reference} usedReference*:Reference
    usedCode*:CodeableConcept`,
  Provenance: `
    target+:Reference occurred[x]:Period|dateTime recorded!:instant policy*:uri location:Reference
    reason*:CodeableConcept activity:CodeableConcept agent+{type:CodeableConcept role*:CodeableConcept
    who!:Reference onBehalfOf:Reference} entity*{role!:code(derivation|revision|quotation|source|removal)
    what!:Reference agent*:@Provenance.agent} signature*:Signature`,
  RelatedPerson: `
    identifier*:Identifier active:boolean patient!:Reference relationship*:CodeableConcept name*:HumanName
    telecom*:ContactPoint gender:code(male|female|other|unknown) birthDate:date address*:Address photo*:Attachment
    period:Period communication*{language!:CodeableConcept preferred:boolean}`,
  ServiceRequest: `
    identifier*:Identifier instantiatesCanonical*:canonical instantiatesUri*:uri basedOn*:Reference
    replaces*:Reference requisition:Identifier
    status!:code(draft|active|on-hold|revoked|completed|entered-in-error|unknown)
    intent!:code(proposal|plan|directive|order|original-order|reflex-order|filler-order|instance-order|option)
    category*:CodeableConcept priority:code(routine|urgent|asap|stat) doNotPerform:boolean code:CodeableConcept
    orderDetail*:CodeableConcept quantity[x]:Quantity|Ratio|Range subject!:Reference encounter:Reference
    occurrence[x]:dateTime|Period|Timing asNeeded[x]:boolean|CodeableConcept authoredOn:dateTime requester:Reference
    performerType:CodeableConcept performer*:Reference locationCode*:CodeableConcept locationReference*:Reference
    reasonCode*:CodeableConcept reasonReference*:Reference insurance*:Reference supportingInfo*:Reference
    specimen*:Reference bodySite*:CodeableConcept note*:Annotation patientInstruction:string
    relevantHistory*:Reference`,
  Specimen: `
    identifier*:Identifier accessionIdentifier:Identifier
    status:code(available|unavailable|unsatisfactory|entered-in-error) type:CodeableConcept subject:Reference
    receivedTime:dateTime parent*:Reference request*:Reference collection{collector:Reference
    collected[x]:dateTime|Period duration:Duration quantity:Quantity method:CodeableConcept bodySite:CodeableConcept
    fastingStatus[x]:CodeableConcept|Duration} processing*{description:string procedure:CodeableConcept
    additive*:Reference time[x]:dateTime|Period} container*{identifier*:Identifier description:string
    type:CodeableConcept capacity:Quantity specimenQuantity:Quantity additive[x]:CodeableConcept|Reference}
    condition*:CodeableConcept note*:Annotation`,
});
