"""What the apps hand down to be kept (保管登记): their files, and what they hold encrypted."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from governance.organisation import encryption


@dataclass(frozen=True)
class StoredFile:
    """A file that a row speaks of: the row, its place in the store, the hash of its content in clear."""

    pk: int
    path: str
    sha256: str


@dataclass(frozen=True)
class FileSource:
    """Rows that each have a file in the store (文件来源).

    `rows()` is a queryset of a model with `path` and `sha256`; `prefix` stands before the path. `is_encrypted`: the
    file lies encrypted and the hash is that of its content. `passes`: such files go away by themselves on their day.
    """

    code: str
    label: Any
    rows: Callable
    prefix: str = ""
    is_encrypted: bool = False
    passes: bool = False

    def after(self, pk: int, limit: int | None = None) -> list[StoredFile]:
        """Its files behind a row, in the order of rows."""
        found = self.rows().filter(pk__gt=pk).order_by("pk").values_list("pk", "path", "sha256")
        return [StoredFile(row, self.prefix + path, digest) for row, path, digest in found[:limit]]

    def each(self):
        """All of its files, read from the database in portions."""
        found = self.rows().order_by("pk").values_list("pk", "path", "sha256")
        for row, path, digest in found.iterator(chunk_size=2000):
            yield StoredFile(row, self.prefix + path, digest)

    def find(self, pk: int) -> StoredFile | None:
        """The file of one row, if the row still has one."""
        found = self.rows().filter(pk=pk).values_list("path", "sha256").first()
        return found and StoredFile(pk, self.prefix + found[0], found[1])


@dataclass(frozen=True)
class SealedColumns:
    """What a model holds under the personal key (加密字段): ciphertext, and keyed hashes by which rows are found.

    `rows()` is a queryset, `fields` what of each row is read (of a related one too), `turn(values, key)` gives the
    columns of the row that have to change so that they are under the first key; nothing when all are.
    """

    code: str
    label: Any
    rows: Callable
    fields: tuple[str, ...]
    turn: Callable[[dict, bytes], dict]


def encrypted_anew(*columns: str) -> Callable[[dict, bytes], dict]:
    """A `turn` for columns that hold ciphertext and nothing else."""

    def turn(values: dict, key: bytes) -> dict:
        return {
            name: encryption.encrypt(encryption.decrypt(values[name], key=key), key=key)
            for name in columns if not encryption.is_current(values[name], key=key)
        }

    return turn


_SOURCES: dict[str, FileSource] = {}
_SEALED: dict[str, SealedColumns] = {}


def register_files(source: FileSource) -> None:
    """Have the files kept: compared with their hashes, taken into backups, turned to a new key."""
    _SOURCES[source.code] = source


def register_sealed(sealed: SealedColumns) -> None:
    """Have the columns turned to a new key."""
    _SEALED[sealed.code] = sealed


def all_files() -> list[FileSource]:
    """Every source of files, by its code."""
    return [_SOURCES[code] for code in sorted(_SOURCES)]


def all_sealed() -> list[SealedColumns]:
    """Every kind of encrypted columns, by its code."""
    return [_SEALED[code] for code in sorted(_SEALED)]
