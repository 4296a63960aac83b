"""Makes an ordinary shared library of the object in DuckDB's Python wheel.

That object exports DuckDB's whole C API, and refers to symbols of the Python interpreter, which only its
Python module uses. A small library that defines those symbols lets it load where there is no Python.
"""

import struct

DYNAMIC_SYMBOLS = 11
UNDEFINED = 0


def undefined_python_symbols(path):
    """The names of the Python symbols that an ELF shared object (64 bit, little endian) expects from others."""
    with open(path, "rb") as file:
        image = file.read()
    if image[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is not a 64-bit little-endian ELF file")
    (table,) = struct.unpack_from("<Q", image, 0x28)
    entry_size, count = struct.unpack_from("<HH", image, 0x3A)
    # Per section: name, type, flags, address, offset, size, link, info, alignment, entry size.
    sections = [struct.unpack_from("<IIQQQQIIQQ", image, table + i * entry_size) for i in range(count)]
    symbols = next(section for section in sections if section[1] == DYNAMIC_SYMBOLS)
    strings = sections[symbols[6]][4]
    names = set()
    for offset in range(symbols[4], symbols[4] + symbols[5], 24):
        name, _, _, section, _, _ = struct.unpack_from("<IBBHQQ", image, offset)
        if section != UNDEFINED:
            continue
        start = strings + name
        text = image[start : image.index(b"\0", start)].decode()
        if text.startswith(("Py", "_Py")):
            names.add(text)
    return sorted(names)


def placeholder_source(names):
    """C source that defines each name: objects as zeroed memory, functions as a trap, since nothing calls them."""
    lines = ["/* Python's symbols, which DuckDB's library names but never uses outside Python. */"]
    for name in names:
        if name.endswith(("_Type", "Struct")) or name.startswith("PyExc_"):
            lines.append(f"char {name}[512];")
        else:
            lines.append(f"void {name}(void) {{ __builtin_trap(); }}")
    return "\n".join(lines) + "\n"
