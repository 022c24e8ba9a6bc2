"""Silver, who it was: CRM facts, survey answers, judgements, identity; and the vault of clear handles.

People appear as keyed hashes of their handles; only `vault.handles` maps them back.
"""

from typing import Final

from warehouse import contracts
from warehouse.tables.definition import Table
from warehouse.tables.interactions import CONVERSATION, PAYLOAD, RECORD

OWNER: Final = "customer-data"
CUSTOMER: Final = "Keyed hash of the customer's CRM id, 32 hex digits."
UPDATED: Final = "When the CRM last changed the row, UTC."
CURRENCY: Final = "Three-letter currency code, ISO 4217."
KEY: Final = "Keyed hash of type and normalised handle, 32 hex digits."
HANDLE_TYPE: Final = "Kind of the handle: phone, email, crm_id, whatsapp_user_id ..."
IDENTITY: Final = "Version of the identity rules."

CRM_CUSTOMERS: Final = Table(
    name="silver.crm_customers",
    schema=contracts.CRM_CUSTOMERS,
    key=("customer_key",),
    grain="One row per CRM customer, in its latest state.",
    owner=OWNER,
    pii="pseudonymous",
    description="What the company's CRM knows about each customer, without name or handle.",
    column_descriptions={
        "customer_key": CUSTOMER,
        "segment": "Segment as the CRM names it.",
        "city": "City of residence as the CRM names it.",
        "preferred_language": "Language the customer asked for: id or en; null when unknown.",
        "birth_year": "Year of birth.",
        "signed_up_on": "Calendar day of sign-up, business time zone.",
        "marketing_consent": "True when marketing may address the customer; null when unknown.",
        "consent_channels": "Channels the consent covers, separated by commas.",
        "lifetime_value": "Revenue so far, in the CRM's currency.",
        "updated_at": UPDATED,
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

CRM_HANDLES: Final = Table(
    name="silver.crm_handles",
    schema=contracts.CRM_HANDLES,
    key=("customer_key", "handle_type", "handle_key"),
    grain="One row per handle that the CRM or a help desk gives for a person.",
    owner=OWNER,
    pii="pseudonymous",
    description="Phone, mail and social handles of CRM customers and help desk contacts, hashed.",
    column_descriptions={
        "customer_key": "Keyed hash of the CRM id, or of the help desk's own id of the contact.",
        "handle_type": HANDLE_TYPE,
        "handle_key": KEY,
        "record_id": RECORD,
    },
)

CRM_SUBSCRIPTIONS: Final = Table(
    name="silver.crm_subscriptions",
    schema=contracts.CRM_SUBSCRIPTIONS,
    key=("subscription_id",),
    grain="One row per subscription, in its latest state.",
    owner=OWNER,
    pii="pseudonymous",
    description="Which plan each customer holds or held, and at what fee.",
    column_descriptions={
        "subscription_id": "Stable id of the subscription, from the CRM's own id.",
        "customer_key": CUSTOMER,
        "product": "Product as the CRM names it.",
        "plan": "Plan as the CRM names it.",
        "monthly_fee": "Fee per month, in `currency`.",
        "currency": CURRENCY,
        "status": "State as the CRM names it, for example active or ended.",
        "started_on": "First day, business time zone.",
        "ended_on": "Last day, business time zone; null while it runs.",
        "updated_at": UPDATED,
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

CRM_ORDERS: Final = Table(
    name="silver.crm_orders",
    schema=contracts.CRM_ORDERS,
    key=("order_id",),
    grain="One row per order, in its latest state.",
    owner=OWNER,
    pii="pseudonymous",
    description="What customers bought.",
    column_descriptions={
        "order_id": "Stable id of the order, from the CRM's own id.",
        "customer_key": CUSTOMER,
        "product": "Product as the CRM names it.",
        "amount": "Value of the order, in `currency`.",
        "currency": CURRENCY,
        "status": "State as the CRM names it.",
        "ordered_at": "When it was ordered, UTC.",
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

CRM_CHURN_OUTCOMES: Final = Table(
    name="silver.crm_churn_outcomes",
    schema=contracts.CRM_CHURN_OUTCOMES,
    key=("customer_key", "churned_on"),
    grain="One row per departure of a customer.",
    owner=OWNER,
    pii="pseudonymous",
    unindexed=frozenset({"reason"}),
    words=frozenset({"reason"}),
    description="Which customers left, when, and the reason the CRM recorded.",
    column_descriptions={
        "customer_key": CUSTOMER,
        "churned_on": "Day of departure, business time zone.",
        "reason": "Reason as the CRM names it, personal data replaced.",
        "updated_at": UPDATED,
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

SURVEY_RESPONSES: Final = Table(
    name="silver.survey_responses",
    schema=contracts.SURVEY_RESPONSES,
    key=("response_id",),
    grain="One row per answered survey question.",
    owner=OWNER,
    pii="pseudonymous",
    unindexed=frozenset({"redacted_comment"}),
    words=frozenset({"redacted_comment"}),
    description="Satisfaction, effort and recommendation answers, with redacted comments.",
    column_descriptions={
        "response_id": "Stable id of the answer, from the source's own id.",
        "customer_key": CUSTOMER,
        "conversation_hash": CONVERSATION + " Null when the survey names none.",
        "survey_type": "csat (1 to 5), ces (1 to 7) or nps (0 to 10).",
        "score": "The answer, on the scale of its survey_type.",
        "redacted_comment": "Free words of the customer, personal data replaced.",
        "answered_at": "When it was answered, UTC.",
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

QUALITY_JUDGEMENTS: Final = Table(
    name="silver.quality_judgements",
    schema=contracts.QUALITY_JUDGEMENTS,
    key=("judgement_id",),
    grain="One row per judgement of a person on a criterion of the quality form.",
    owner=OWNER,
    pii="pseudonymous",
    unindexed=frozenset({"redacted_reason"}),
    words=frozenset({"redacted_reason"}),
    description="What reviewers say of the quality of contacts, beside the machine's answer.",
    column_descriptions={
        "judgement_id": "Stable id of the judgement: contact, criterion, judge and time.",
        "interaction_id": "Our id of the contact; null when the judgement names it otherwise.",
        "conversation_hash": CONVERSATION + " Null when no native id led to one.",
        "criterion": "Criterion as the quality form spells it.",
        "outcome": "met, not_met or not_applicable.",
        "reviewer_key": "Keyed hash of the judge's e-mail address or name, 32 hex digits.",
        "redacted_reason": "Why, in the judge's words, personal data replaced.",
        "judged_at": "When it was judged, UTC.",
        "record_id": RECORD,
        "payload_id": PAYLOAD,
    },
)

IDENTITY_EDGES: Final = Table(
    name="silver.identity_edges",
    schema=contracts.IDENTITY_EDGES,
    key=("edge_id",),
    grain="One row per pair of handles that were observed together.",
    owner=OWNER,
    pii="pseudonymous",
    description="Why two handles are, or are not, taken for one person, with the evidence.",
    column_descriptions={
        "edge_id": "Stable id of the pair, from both keys.",
        "left_key": KEY + " The smaller of the two.",
        "left_type": HANDLE_TYPE,
        "right_key": KEY + " The greater of the two.",
        "right_type": HANDLE_TYPE,
        "rule": "Rule that reads the pair, for example seen_together.",
        "evidence_kind": "interaction or crm: where the pair was first seen.",
        "evidence_id": "interaction_id or customer_key of the first sighting.",
        "observations": "How many interactions and CRM rows show the pair.",
        "active": "True when the pair joins both handles into one person.",
        "inactive_reason": "Why it does not join them, for example shared_handle; null if active.",
        "identity_version": IDENTITY,
    },
)

PERSONS: Final = Table(
    name="silver.persons",
    schema=contracts.PERSONS,
    key=("handle_key",),
    grain="One row per handle.",
    owner=OWNER,
    pii="pseudonymous",
    description="Which person each handle belongs to.",
    column_descriptions={
        "handle_key": KEY,
        "handle_type": HANDLE_TYPE,
        "person_id": "Stable id of the person: P and 32 hex digits, from the anchor handle.",
        "identity_version": IDENTITY,
    },
)

VAULT_HANDLES: Final = Table(
    name="vault.handles",
    schema=contracts.VAULT_HANDLES,
    key=("handle_key",),
    grain="One row per handle.",
    owner="privacy",
    pii="clear",
    unindexed=frozenset({"handle", "name"}),
    words=frozenset({"handle", "name"}),
    description="The only table that maps keyed handles back to clear ones. Never published.",
    column_descriptions={
        "handle_key": KEY,
        "handle_type": HANDLE_TYPE,
        "handle": "The normalised handle in clear.",
        "name": "Name the source gave with the handle, in clear; null when none.",
    },
)

TABLES: Final = (
    CRM_CUSTOMERS,
    CRM_HANDLES,
    CRM_SUBSCRIPTIONS,
    CRM_ORDERS,
    CRM_CHURN_OUTCOMES,
    SURVEY_RESPONSES,
    QUALITY_JUDGEMENTS,
    IDENTITY_EDGES,
    PERSONS,
    VAULT_HANDLES,
)
