"""Understanding Excel ledgers as townships keep them (台账读取): pure, nothing is written and nothing asked.

    book = open_book(path, "2024年台账.xlsx")          # refuses what cannot be a ledger, before opening it
    for sheet in book.sheets(): ...                    # rows as they stand, with merged cells and formulas
    for record in Reading(layout, surroundings).records(book): ...
"""
from .books import Book, Sheet, open_book
from .records import Reading, Record
from .surroundings import Place, Surroundings
from .wording import Remark, words_of

__all__ = ["Book", "Place", "Reading", "Record", "Remark", "Sheet", "Surroundings", "open_book", "words_of"]
