import type { CodeMap } from '../../../mapping/to-fhir/to-fhir-format.ts';

/** Concept map AllergenType[AllergyIntoleranceCategory]. */
export const ALLERGEN_TYPE_ALLERGY_INTOLERANCE_CATEGORY: CodeMap = {
  table: 'AllergenType[AllergyIntoleranceCategory]',
  from: '0127',
  to: 'http://hl7.org/fhir/allergy-intolerance-category',
  codes: {
    DA: 'medication',
    FA: 'food',
    EA: 'environment',
    AA: 'biologic',
    PA: 'environment',
    LA: 'environment',
  },
  also: {
    DRUG: 'medication',
    FOOD: 'food',
    ENVIRONMENTAL: 'environment',
    ANIMAL: 'biologic',
  },
};

/** Concept map AllergyType. */
export const ALLERGY_TYPE: CodeMap = {
  table: 'AllergyType',
  from: '0127',
  to: 'http://hl7.org/fhir/allergy-intolerance-type',
  codes: {
    DA: 'allergy',
    FA: 'allergy',
    MA: 'allergy',
    EA: 'allergy',
    AA: 'allergy',
    PA: 'allergy',
    LA: 'allergy',
  },
};

/** Concept map AllergySeverity[AllergyIntolerance.criticality]. */
export const ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY: CodeMap = {
  table: 'AllergySeverity[AllergyIntolerance.criticality]',
  from: '0128',
  to: 'http://hl7.org/fhir/allergy-intolerance-criticality',
  codes: {
    SV: 'high|High Risk',
    MI: 'low|Low Risk',
  },
};

/** Concept map AllergySeverity[AllergyIntolerance.reaction.severity]. */
export const ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_REACTION_SEVERITY: CodeMap = {
  table: 'AllergySeverity[AllergyIntolerance.reaction.severity]',
  from: '0128',
  to: 'http://hl7.org/fhir/reaction-event-severity',
  codes: {
    SV: 'severe',
    MO: 'moderate',
    MI: 'mild',
  },
};

/** Concept map CompletionStatus. */
export const COMPLETION_STATUS: CodeMap = {
  table: 'CompletionStatus',
  from: '0322',
  to: 'http://hl7.org/fhir/event-status',
  codes: {
    CP: 'completed',
    RE: 'not-done|Not Done',
    NA: 'not-done|Not Done',
    PA: 'completed',
  },
};

/** Concept map RouteOfAdministration. */
export const ROUTE_OF_ADMINISTRATION: CodeMap = {
  table: 'RouteOfAdministration',
  from: '0162',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0162',
  same: `
    AP B DT EP ET GTT GU IMR IA IB IC ICV IH IHA IN IO IP IS IT IU MTH MM NS NG NP NT OP OT OTH PF PR RM SD SL TP
    TRA TL UR VG VM WND`,
  codes: {
    ID: 'IDINJ|Injection, intradermal|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
    IM: 'IM|Injection, intramuscular|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
    IV: 'IVINJ|Injection, intravenous|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
    PO: 'PO|Swallow, oral|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
    SC: 'SQ|Injection, subcutaneous|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
    TD: 'TRNSDERM|Transdermal|http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration',
  },
};

/** Concept map BodyParts. */
export const BODY_PARTS: CodeMap = {
  table: 'BodyParts',
  from: '0550',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0550',
  same: `
    JUGE ADB ACET ACHIL ADE ADR AMN AMS ANAL ANKL ANTEC ANTECF ANTR ANUS AORTA AR AV APDX AREO ARM ARTE ASCIT ASCT
    ATR AURI AXI BACK BARTD BARTG BRTGF BPH BID BIFL BLAD BLOOD BLDA BLDC BLDV CBLD BLD BDY BON BMAR BOWEL BOWLA
    BOWSM BRA BRAIN BCYS BRST BRSTFL BRO BROCH BRONC BRV BUCCA BURSA BURSF BUTT CALF CANAL CANLI CNL CANTH CDM CARO
    CARP CAVIT CHE CECUM CSF CVX CERVUT CHEEK CHES CHIN CIRCU CLAVI CLITO CLIT COCCG COCCY COLON COLOS COS CDUCT
    CONJ CORAL COR CORD CORN CRANE CRANF CRANO CRANP CRANS CRANT CUBIT CUFF CULD CULDO DELT DENTA DEN DIAF DPH DIGIT
    DISC DORS DUFL DUODE DUR EAR EARBI EARBM EARBS EARLO ELBOW ELBOWJ ENDC EC EOLPH ENDM ET EUR EOS EPICA EPICM EPD
    EPIDU EPIGL ESOPG ESO ETHMO EYE BROW EYELI FACE FBINC FBLAC FBMAX FBNAS FBPAL FBVOM FBZYG FALLT FEMOR FMH FEMUR
    FET FIBU FING FINGN FOL FOOT FOREA FOREH FORES FOURC GB GEN GVU GENC GL GENL GLAND GLANS GLUTE GLUT GLUTM GROIN
    GUM HAR HAL HAND HEAD HART HV HVB HVT HEEL HEM HIP HIPJ HUMER HYMEN ILC ILE ILEOS ILEUM ILIAC ILCR ILCON INGUI
    JUGI INT ICX INASA INTRU INTRO ISCHI JAW KNEE KNEEF KNEEJ LABIA LABMA LABMI LACRI LAM INSTL LARYN LEG LENS WBC
    LING LINGU LIP STOOLL LIVER LOBE LOCH ISH LUMBA LMN LUNG LN LNG LYM MAC MALLE MANDI MAR MAST MAXIL MAXS MEATU
    MEC MEDST MEDU MOU MPB METAC METAT MILK MITRL MOLAR MP MONSU MONSV MOUTH MRSA2 MYO NAIL NAILB NAILF NAILT NARES
    NASL NSS NLACR NP NTRAC NAVEL NECK NERVE NIPPL NOS NOSE NOSTR OCCIP OLECR OMEN ORBIT ORO OSCOX OVARY PALAT PLATH
    PLATS PALM PANCR PAFL PAS PARAT PARIE PARON PAROT PATEL PELV PENSH PENIS PANAL PERI PCARD PCLIT PERIH PNEAL
    PERIN PNEPH PNM PORBI PERRA PERIS PER PERT PERIT PTONS PERIU PERIV PHALA PILO PINNA PLC PLACF PLACM PLANT PLEUR
    PLEU PLR POPLI PREAU PRERE PRST PROS PUBIC PUL RADI RADIUS RECTL RECTU RBC RENL RNP RPERI RIB SACRA SACRO SACIL
    SACRU SALGL SCALP SCAPU SCLER SCROT SEMN SEM SEPTU SEROM SHIN SHOLJ SHOL SIGMO SINUS SKM SKENE SKULL INSTS SOLE
    SPRM SPHEN SPCOR SPLN STER STOM USTOM STOMA STUMP SCLV SDP SUB SUBD SGF SUBM SUBX SUBME SUBPH SPX SCLAV SUPRA
    SUPB SWT SWTG SYNOL SYN SYNOV TARS TDUCT TEAR TEMPL TEMPO TML TESTI THIGH THORA THRB THUMB TNL THM THYRD TIBIA
    TOE TOEN TONG TONS TOOTH TSK TRCHE TBRON TCN ULNA UMB UMBL URET URTH UTERI SAC UTER VAGIN VCUFF VGV VAL VAS
    VASTL VAULT VEIN VENTG VCSF VERMI VERTC VERTL VERTT VESI VESCL VESFLD VESTI VITR VOC VULVA WRIST`,
};

/** Concept map DocumentConfidentialityStatus. */
export const DOCUMENT_CONFIDENTIALITY_STATUS: CodeMap = {
  table: 'DocumentConfidentialityStatus',
  from: '0272',
  to: 'http://terminology.hl7.org/CodeSystem/v2-0272',
  same: 'V R U',
};

/** Concept map ConfidentialityCode. */
export const CONFIDENTIALITY_CODE: CodeMap = {
  table: 'ConfidentialityCode',
  from: '0177',
  to: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  same: 'V R PSY HIV',
  codes: {
    U: 'U|Usual control|http://terminology.hl7.org/CodeSystem/v2-0177',
    EMP: 'EMP|employee information sensitivity|http://terminology.hl7.org/CodeSystem/v3-ActCode',
    UWM: 'UWM|Unwed mother|http://terminology.hl7.org/CodeSystem/v2-0177',
    VIP: 'VIP|Very important person or celebrity|http://terminology.hl7.org/CodeSystem/v2-0177',
    AID: 'HIV|HIV related',
    ETH: 'ETHUD|alcohol use disorder information sensitivity|http://terminology.hl7.org/CodeSystem/v3-ActCode',
  },
};
