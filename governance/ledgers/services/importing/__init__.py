"""An old ledger comes in (台账导入): uploaded, checked in a dry run, entered, and undone if it was wrong.

    batch = take_in(actor=clerk, township=town, kind="dispute", name="2024年台账.xlsx", content=file)
    read_in(batch.pk)                       # the dry run, in the worker: a verdict for each row
    order_commit(batch_id=batch.pk, actor=clerk); run(batch.pk)
    order_undo(batch_id=batch.pk, actor=clerk); run(batch.pk)
"""
from .batches import (
    cancel,
    correct_mapping,
    correct_places,
    erase_old,
    find_batch,
    forget,
    importable_kinds,
    order_commit,
    order_reading,
    order_undo,
    progress_of,
    resume_stalled,
    stands_since,
    take_in,
    townships_of,
    villages_of,
)
from .returning import result_file
from .running import read_in, run
from .telling import columns_of, notes_of, refusal_words, rows_of, told_row

__all__ = [
    "cancel", "columns_of", "correct_mapping", "correct_places", "erase_old", "find_batch", "forget",
    "importable_kinds", "notes_of", "order_commit", "order_reading", "order_undo", "progress_of", "read_in",
    "refusal_words", "result_file", "resume_stalled", "rows_of", "run", "stands_since", "take_in", "told_row",
    "townships_of", "villages_of",
]
