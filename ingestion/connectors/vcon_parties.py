"""The parties of a vCon: their role, handles and names.

party -> Party. The role is what the party says (`role`, `meta.role`), else what the company's
mail domains and phones show, else what the other parties leave open.
"""

from dataclasses import dataclass
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import items, mapping, optional_mapping, optional_text

MOST_PARTIES = 200
ROLE_WORDS = {
    "agent": "agent",
    "representative": "agent",
    "rep": "agent",
    "operator": "agent",
    "support": "agent",
    "supervisor": "agent",
    "staff": "agent",
    "agen": "agent",
    "petugas": "agent",
    "cs": "agent",
    "customer": "customer",
    "contact": "customer",
    "caller": "customer",
    "client": "customer",
    "user": "customer",
    "end-user": "customer",
    "pelanggan": "customer",
    "nasabah": "customer",
    "penelepon": "customer",
    "bot": "bot",
    "ai": "bot",
    "ivr": "bot",
    "virtual agent": "bot",
    "system": "system",
    "sistem": "system",
}


@dataclass(slots=True)
class Party:
    """One party: role (possibly still unknown), handles by preference, name."""

    role: str | None
    handles: tuple[tuple[str, str], ...]
    name: str | None


@dataclass(slots=True)
class Parties:
    """All parties in the order in which dialogs refer to them."""

    listed: list[Party]

    def at(self, index: int | None) -> Party | None:
        """The party at an index, None for no or an unknown index."""
        if index is None or not 0 <= index < len(self.listed):
            return None
        return self.listed[index]

    def first(self, role: str) -> int | None:
        """The index of the first party with a role."""
        return next((i for i, party in enumerate(self.listed) if party.role == role), None)

    def settle(self, originator: int | None, outbound: bool) -> None:
        """Give every party a role: whoever opens an inbound contact is the customer."""
        opener = "agent" if outbound else "customer"
        other = "customer" if outbound else "agent"
        roles = {party.role for party in self.listed}
        for index, party in enumerate(self.listed):
            if party.role is not None:
                continue
            if "agent" in roles or "bot" in roles:
                party.role = "customer"
            elif "customer" in roles:
                party.role = "agent"
            else:
                party.role = opener if index == (originator or 0) else other


def role_word(text: str | None) -> str | None:
    """The role that a label such as `Agent` or `Pelanggan` names, if it names one."""
    if text is None:
        return None
    label = text.strip().strip("*[]()").lower()
    return ROLE_WORDS.get(label) or ROLE_WORDS.get(label.rstrip("0123456789_ -#"))


def read_parties(
    value: dict[str, Any], domains: tuple[str, ...], phones: tuple[str, ...]
) -> Parties:
    """The parties of a vCon; raises RejectedInput when they are not objects."""
    listed = items(value, "parties")
    if len(listed) > MOST_PARTIES:
        raise RejectedInput("too_many_parties", f"more than {MOST_PARTIES} parties in one vCon")
    return Parties([_party(mapping(item, "party"), domains, phones) for item in listed])


def _party(item: dict[str, Any], domains: tuple[str, ...], phones: tuple[str, ...]) -> Party:
    phone = (optional_text(item, "tel") or "").removeprefix("tel:").strip() or None
    # `email` is not in the specification, but early writers use it beside `mailto`.
    mail = optional_text(item, "mailto") or optional_text(item, "email") or ""
    mail_address = mail.removeprefix("mailto:").strip().lower() or None
    meta = optional_mapping(item, "meta")
    role = role_word(optional_text(item, "role")) or role_word(optional_text(meta, "role"))
    if role is None and _belongs(phone, mail_address, domains, phones):
        role = "agent"
    own_id = optional_text(meta, "agent_id") or optional_text(item, "id")
    handles: list[tuple[str, str]] = []
    if phone:
        handles.append(("phone", phone))
    if mail_address:
        handles.append(("email", mail_address))
    if own_id and own_id not in (phone, mail_address):
        handles.append(("agent_id" if role in ("agent", "bot") else "other", own_id))
    unique = optional_text(item, "uuid")
    if unique:
        handles.append(("other", unique))
    name = optional_text(item, "name")
    return Party(role, tuple(handles), None if name in (phone, mail_address) else name)


def _belongs(
    phone: str | None, mail: str | None, domains: tuple[str, ...], phones: tuple[str, ...]
) -> bool:
    domain = (mail or "").rpartition("@")[2]
    return bool(domain and domain in domains) or bool(phone and phone in phones)
