"""What did who say? The four kinds of record, their schemas, ids, keys and markings.

The contract of the house: it imports nothing of ours but the errors.
"""

from tocsin.records.ids import record_id, record_key
from tocsin.records.kinds import Claim, Document, Event, Observation, Record
from tocsin.records.markings import Marking

__all__ = ["Claim", "Document", "Event", "Marking", "Observation", "Record", "record_id", "record_key"]
