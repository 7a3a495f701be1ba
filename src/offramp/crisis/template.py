"""A commented crisis file to start from."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from offramp.crisis.json_schema import SCHEMA_FILE
from offramp.crisis.parts import Identifier
from offramp.crisis.problems import CrisisError, quoted

_TEMPLATE = Path(__file__).with_name("template.yaml")
_TEMPLATE_ID = "my-crisis"
_TEMPLATE_SCHEMA = "$schema=crisis.schema.json"
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


def template_text(name: str) -> str:
    """Return the file to start from, for a crisis of that id.

    Raises:
        CrisisError: the id is not one: lower-case letters, digits and hyphens, at most 64.
    """
    check_id(name)
    text = _TEMPLATE.read_text(encoding="utf-8")
    text = text.replace(f"\nid: {_TEMPLATE_ID} ", f"\nid: {name} ", 1)
    return text.replace(_TEMPLATE_SCHEMA, f"$schema={SCHEMA_FILE.as_uri()}", 1)


def check_id(name: str) -> None:
    """Refuse what is no id for a crisis.

    Raises:
        CrisisError: it is not lower-case letters, digits and hyphens, at most 64.
    """
    try:
        _IDENTIFIER.validate_python(name, strict=True)
    except ValidationError:
        message = f"{quoted(name)} is not an id for a crisis"
        fix = "use lower-case letters, digits and hyphens, at most 64, as my-crisis"
        raise CrisisError.of_file(f"{name}.yaml", message, fix) from None


def write_template(name: str, directory: Path) -> Path:
    """Write the file to start from as ``<directory>/<name>.yaml`` and return its path.

    The file appears whole or not at all, and never in place of another.

    Raises:
        CrisisError: the id is not one (so the file cannot land outside the directory), the
            file is there already, or the directory cannot be written to.
    """
    return write_new(name, template_text(name), directory)


def write_new(name: str, text: str, directory: Path) -> Path:
    """Write a new crisis file as ``<directory>/<name>.yaml``, as `write_template` does.

    Raises:
        CrisisError: as `write_template`.
    """
    check_id(name)
    path = directory / f"{name}.yaml"
    try:
        handle, temporary = tempfile.mkstemp(dir=directory, prefix=f".{name[:32]}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
            os.link(temporary, path)  # unlike a rename, this never replaces a file
        finally:
            Path(temporary).unlink()
    except FileExistsError:
        fix = "choose another id, or remove the file first"
        raise CrisisError.of_file(str(path), "there is such a file already", fix) from None
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise CrisisError.of_file(str(path), message, "choose another directory") from None
    return path
