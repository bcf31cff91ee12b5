#!/usr/bin/env python3
"""Verifies exports, unpacked evidence packs and proofs of a Countersign audit trail.

    python3 verify.py [path]... [--key <verifier key>]... [--checkpoint <file>]... [--witness <verifier key>]...
                      [--record <file>] [--json]

Python 3.8 or newer and nothing else. How, and why that is enough: verifying.md. Without a path it verifies the pack that it
lies in. Exits 0 when everything agrees, 1 when something does not, 2 when it cannot be read.
"""
import base64
import calendar
import hashlib
import hmac
import json
import os
import re
import sys
import unicodedata

MIB = 1024 * 1024
MAX_LINE = 64 * MIB
MAX_RECORD = MIB
MAX_DEPTH = 64
MAX_NOTE = MIB // 4
MAX_NOTES = 512 * MIB
MAX_PROOF = 64 * MIB
MAX_KEYS = 1000
MAX_FILES = 1_000_000
MAX_PROBLEMS = 100
TILE = 256

HASH = re.compile(r"[0-9a-f]{64}\Z")
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{3}Z\Z", re.ASCII)
SIZE = re.compile(r"(0|[1-9]\d{0,15})\Z", re.ASCII)
MEMBERS = ["assistant", "at", "data", "kind", "policy", "receipt", "seq", "team"]
KINDS = "intent outcome lifecycle approval notice readback policy drift key refused access export erasure checkpoint".split()
VALUES = "address subject body attachment_name attachment caller_key text".split()
FILTERS = "team assistant receipt rule effect kind recipient email by user".split()


class Unreadable(Exception):
    """It is no export at all."""


class Enough(Exception):
    """Nothing more needs to be looked at."""


class Problems:
    """What does not agree."""

    def __init__(self):
        self.found = []

    def add(self, seq, what, message):
        self.found.append((seq, what, message))
        if len(self.found) >= MAX_PROBLEMS:
            raise Enough()


def attempt(read, *args):
    """What a function reads; None: it is malformed."""
    try:
        return read(*args)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None


def is_text(value):
    return isinstance(value, str)


def is_hash(value):
    return is_text(value) and HASH.match(value) is not None


def is_seq(value):
    return type(value) is int and 0 <= value < 2**53


def is_time(value):
    match = TIME.match(value) if is_text(value) else None
    if match is None:
        return False
    year, month, day, hour, minute, second = map(int, match.groups())
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return False
    # 2000 has the same days as a year 0.
    return 1 <= day <= calendar.monthrange(year or 2000, month)[1]


def has_control(text):
    return any(unicodedata.category(one) in ("Cc", "Cs") for one in text)


# JSON


def read_number(text):
    """An integer, or what JavaScript makes of one that is too long for it."""
    return int(text) if len(text) < 20 else float(text)


def refuse(text):
    raise ValueError(text)


def parse(text):
    return json.loads(text, parse_int=read_number, parse_constant=refuse)


def written(value, indent=None):
    """What JSON.stringify writes."""
    separators = (",", ":") if indent is None else None
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)


def read_json(text, indent=None):
    """What is written so that no member is there twice; None: it is not."""
    value = attempt(parse, text)
    return value if attempt(written, value, indent) == text.rstrip() else None


def decode(data):
    """The text of bytes; None: they are no UTF-8."""
    try:
        return data.decode("utf-8")
    except ValueError:
        return None


def is_sound(text):
    """Half a surrogate pair has no UTF-8."""
    return is_text(text) and attempt(text.encode) is not None


# Hashes and the tree


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(line):
    return sha256(b"\x00" + line)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Stack:
    """Roots of complete subtrees side by side, as (level, hash)."""

    def __init__(self):
        self.entries = []
        self.size = 0

    def push(self, level, value):
        self.size += 1 << level
        self.entries.append((level, value))
        while len(self.entries) > 1 and self.entries[-1][0] == self.entries[-2][0]:
            (top, right), (_, left) = self.entries.pop(), self.entries.pop()
            self.entries.append((top + 1, node_hash(left, right)))

    def root(self):
        if not self.entries:
            return sha256(b"")
        value = self.entries[-1][1]
        for _, left in reversed(self.entries[:-1]):
            value = node_hash(left, value)
        return value


def levels_between(start, end):
    levels = []
    while start < end:
        level = 0
        while start % (2 << level) == 0 and start + (2 << level) <= end:
            level += 1
        levels.append(level)
        start += 1 << level
    return levels


# Ed25519, RFC 8032, section 5.1

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * SQRT_MINUS_1 % P
    if (x * x - square) % P != 0 or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def decode_point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add_points(a, b):
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(number, point):
    result = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = add_points(result, point)
        point = add_points(point, point)
        number >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def verify_ed25519(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    left = multiply(s, BASE)
    right = add_points(r, multiply(int.from_bytes(digest, "little") % L, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# Signed notes, checkpoints, and the keys that sign them


def decode_base64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("no canonical base64")
    return data


def is_key_name(name):
    if not 1 <= len(name) <= 255:
        return False
    categories = ("Zs", "Zl", "Zp", "Cc", "Cs")
    return not any(one in "+\ufeff" or unicodedata.category(one) in categories for one in name)


class Key:
    def __init__(self, text):
        match = re.match(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\Z", text)
        if match is None:
            raise ValueError("it is no verifier key")
        name, key_id, encoded = match.groups()
        data = decode_base64(encoded)
        if not is_key_name(name) or len(data) != 33 or data[0] not in (1, 4):
            raise ValueError("it is no verifier key")
        if sha256(name.encode() + b"\n" + data)[:4].hex() != key_id:
            raise ValueError("its id is not that of its key")
        self.text, self.label = text, name + "+" + key_id
        self.type, self.public_key = data[0], data[1:]

    def has_signed(self, text, signature):
        if self.type == 1:
            return verify_ed25519(self.public_key, text.encode(), signature)
        time = int.from_bytes(signature[:8], "big")
        if len(signature) != 72 or time >= 2**63:
            return False
        message = "cosignature/v1\ntime %d\n%s" % (time, text)
        return verify_ed25519(self.public_key, message.encode(), signature[8:])


def read_signing_key(text):
    key = Key(text)
    if key.type != 1:
        raise ValueError("it is a witness' key")
    return key


class Note:
    """A text and who signed it."""

    def __init__(self, whole):
        allowed = whole.replace("\n", "")
        if len(whole.encode()) > MAX_NOTE or any(one < " " for one in allowed):
            raise ValueError("no note")
        text, separator, rest = whole.rpartition("\n\n")
        lines = rest.split("\n")
        if separator == "" or lines.pop() != "" or not 1 <= len(lines) <= 100:
            raise ValueError("no signed note")
        self.text = text + "\n"
        self.signatures = []
        for line in lines:
            dash, name, encoded = line.split(" ")
            data = decode_base64(encoded)
            if dash != "\u2014" or not is_key_name(name) or len(data) < 5:
                raise ValueError("no signature line")
            self.signatures.append((line, name + "+" + data[:4].hex(), data[4:]))

    def open(self, keys):
        """Which of these keys signed, and in whose names there is something else."""
        good, bad = [], []
        for key in {key.label: key for key in keys}.values():
            own = [signature for _, label, signature in self.signatures if label == key.label]
            if own:
                is_good = all(key.has_signed(self.text, signature) for signature in own)
                (good if is_good else bad).append(key)
        return good, bad


class Checkpoint(Note):
    def __init__(self, whole):
        super().__init__(whole)
        lines = self.text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or "" in lines or SIZE.match(lines[1]) is None:
            raise ValueError("no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), decode_base64(lines[2]).hex()
        if not is_hash(self.root) or not is_seq(self.size):
            raise ValueError("no root or size")

    def first_signed(self, digest):
        """The signatures, from the first, with which it hashes to what its record says; None: there are none such."""
        state = hashlib.sha256((self.text + "\n").encode())
        for count, (line, _, _) in enumerate(self.signatures, 1):
            state.update((line + "\n").encode())
            if state.copy().hexdigest() == digest:
                return self.signatures[:count]
        return None


def vouch_text(verifier):
    return "countersign signing key\n%s\n" % verifier


class Vouch(Note):
    """By which a key names its successor."""

    def __init__(self, whole):
        super().__init__(whole)
        self.successor = read_signing_key(self.text.split("\n")[1])
        if self.text != vouch_text(self.successor.text):
            raise ValueError("no vouch")


class Known:
    """A key, the record that names it, and whether it counts."""

    def __init__(self, key, since, counts):
        self.key, self.since, self.counts = key, since, counts


class Keys:
    """The keys that sign a trail's checkpoints: those given count, and for whom they vouch; if none is given, all."""

    def __init__(self, given):
        self.are_pinned = bool(given)
        self.known = {key.label: Known(key, None, True) for key in given}

    def declare(self, keys, vouches):
        """What the header says of keys whose records come before those that are there."""
        for key in map(read_signing_key, keys):
            self.known.setdefault(key.label, Known(key, None, not self.are_pinned))
        for vouch in map(Vouch, vouches):
            if any(known.counts for known in self.open(vouch)[0]):
                label = vouch.successor.label
                self.known.setdefault(label, Known(vouch.successor, None, True)).counts = True

    def add(self, seq, data, problems):
        if data.get("change") != "signing":
            return
        key = attempt(read_signing_key, data.get("verifier"))
        if key is None:
            problems.add(seq, "forged", "Record %d names a signing key that is none" % seq)
            return
        known = self.known.get(key.label)
        if known is not None and known.since is not None:
            return
        previous, vouch = data.get("previous"), data.get("vouch")
        before = self.known.get(previous) if is_text(previous) else None
        note = attempt(Note, vouch) if is_text(vouch) and before is not None else None
        is_vouched = note is not None and note.text == vouch_text(key.text) and bool(note.open([before.key])[0])
        if is_text(vouch) and before is not None and not is_vouched:
            problems.add(seq, "forged", "Record %d says that a key vouches for a new one, which it does not" % seq)
        counts = (known is not None and known.counts) or not self.are_pinned or (is_vouched and before.counts)
        self.known[key.label] = Known(key, seq, counts)

    def open(self, note):
        found = [self.known[label] for _, label, _ in note.signatures if label in self.known]
        good, bad = note.open([known.key for known in found])
        return [self.known[key.label] for key in good], bad

    def counts_since(self):
        """The first record that names a key that counts."""
        places = [known.since for known in self.known.values() if known.counts and known.since is not None]
        return min(places) if places else float("inf")


# Records: canonical JSON, RFC 8785


def number_text(value):
    """As ECMAScript writes a number."""
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    value = float(value)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("no finite number")
    if value == 0:
        return "0"
    sign, value = ("-", -value) if value < 0 else ("", value)
    mantissa, _, exponent = ("%r" % value).lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = int(exponent or 0) + len(whole)
    if whole.strip("0") == "":
        point = int(exponent or 0) - (len(fraction) - len(fraction.lstrip("0")))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        if len(digits) <= point:
            return sign + digits + "0" * (point - len(digits))
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return "%s%s%se%s%d" % (sign, digits[0], tail, "+" if point > 0 else "-", abs(point - 1))


def canonical(value, depth=0):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        value.encode()  # refuses half a surrogate pair
        return json.dumps(value, ensure_ascii=False)
    if depth == MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, list):
        return "[%s]" % ",".join([canonical(item, depth + 1) for item in value])
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{%s}" % ",".join(["%s:%s" % (canonical(key), canonical(value[key], depth + 1)) for key in keys])


def read_record(data):
    """The record of a line, or None."""
    text = decode(data) if len(data) <= MAX_RECORD else None
    value = None if text is None else attempt(parse, text)
    if not isinstance(value, dict) or sorted(value) != MEMBERS or attempt(canonical, value) != text:
        return None
    texts = [value[name] for name in ("team", "assistant", "receipt", "policy")]
    is_record = (
        is_seq(value["seq"])
        and is_time(value["at"])
        and value["kind"] in KINDS
        and all(one is None or is_text(one) for one in texts)
        and isinstance(value["data"], dict)
    )
    return value if is_record else None


def commitment_of(salt, kind, value):
    return hmac.new(bytes.fromhex(salt), kind.encode() + b"\0" + value.encode(), "sha256").hexdigest()


PERSON, TEXT = ["text", "address"], ["text"]
FIELDS = {
    "intent": [
        ("recipients", "address", ["address"]),
        (None, "subject", ["subject"]),
        (None, "original_subject", ["subject"]),
        (None, "body", ["body"]),
        (None, "caller_key", ["caller_key"]),
        ("attachments", "name", ["attachment_name"]),
        ("attachments", "content", ["attachment"]),
        ("facts", "live", TEXT),
        ("person", "issuer", TEXT),
        ("person", "subject", TEXT),
        ("person", "address", TEXT),
        ("person", "claims", TEXT),
    ],
    "outcome": [(None, "multimail_text", TEXT)],
    "key": [(None, "person", TEXT)],
    "policy": [(None, "author", TEXT)],
    "approval": [(None, name, ["address"]) for name in ("by", "stands_for")]
    + [(None, name, TEXT) for name in ("identity", "reason")],
}
for _kind in ("lifecycle", "drift", "access", "export", "erasure"):
    FIELDS[_kind] = [(None, "by", PERSON), (None, "reason", TEXT)]
FIELDS["export"] += [("filter", "recipient", ["address"]), ("filter", "by", PERSON), ("filter", "user", TEXT)]
FIELDS["drift"] += [(None, "declared", TEXT), (None, "live", TEXT)]


def named_commitments(record):
    for group, field, kinds in FIELDS.get(record["kind"], []):
        data = record["data"]
        holders = [data] if group is None else data.get(group)
        for holder in holders if isinstance(holders, list) else [holders]:
            if isinstance(holder, dict) and is_hash(holder.get(field)):
                yield holder[field], kinds


class Erasures:
    """Read before everything else: one explains what is absent, and forbids what is there."""

    def __init__(self, place):
        self.named, self.below, self.place = set(), {}, place

    def add(self, line):
        """Takes a line; False: it is no record's, and what follows explains nothing."""
        match = LINE.match(line)
        if match is not None:
            self.place += match.group(1) == b"leaf"
            return True
        seq, self.place = self.place, self.place + 1
        if not line.startswith(b'{"assistant":'):
            return False
        record = read_record(line) if b'"kind":"erasure"' in line else None
        if record is not None and record["seq"] == seq and record["kind"] == "erasure":
            self.add_erasure(seq, record["data"])
        return True

    def add_erasure(self, seq, data):
        commitments, below = data.get("commitments"), data.get("below")
        if isinstance(commitments, list):
            self.named.update(filter(is_text, commitments))
        if isinstance(below, dict) and is_seq(below.get("seq")) and isinstance(below.get("kinds"), list):
            # What came after the erasure, it did not erase.
            for kind in filter(is_text, below["kinds"]):
                self.below[kind] = max(self.below.get(kind, 0), min(below["seq"], seq))

    def has(self, seq, commitment, kinds):
        return commitment in self.named or any(seq < self.below.get(kind, 0) for kind in kinds)


# What an export says of itself


def are_texts(value, is_one):
    return isinstance(value, list) and len(value) <= MAX_KEYS and all(is_text(one) and is_one(one) for one in value)


def are_hashes(value, levels):
    return isinstance(value, list) and len(value) == len(levels) and all(map(is_hash, value))


def is_filter(value):
    if not isinstance(value, dict) or any(name not in value for name in FILTERS[:5]):
        return False
    return all(name in FILTERS and (text is None or is_text(text)) for name, text in value.items())


def can_be(read):
    return lambda text: attempt(read, text) is not None


HEADER = {
    "format": lambda value, _: value == "countersign-export@v1",
    "origin": lambda value, _: is_text(value) and 1 <= len(value) <= 1024 and not has_control(value),
    "at": lambda value, _: is_time(value),
    "record": lambda value, _: is_seq(value),
    "since": lambda value, _: value is None or is_time(value),
    "until": lambda value, _: value is None or is_time(value),
    "filter": lambda value, _: is_filter(value),
    "values": lambda value, _: are_texts(value, VALUES.__contains__) and len(set(value)) == len(value),
    "from": lambda value, _: is_seq(value),
    "to": lambda value, header: is_seq(value) and header["from"] <= value,
    "size": lambda value, header: is_seq(value) and header["to"] <= value,
    "root": lambda value, _: is_hash(value),
    "keys": lambda value, _: are_texts(value, can_be(read_signing_key)),
    "vouches": lambda value, header: "vouches" not in header or are_texts(value, can_be(Vouch)),
    "left": lambda value, header: are_hashes(value, levels_between(0, header["from"])),
    "right": lambda value, header: are_hashes(value, levels_between(header["to"], header["size"])),
}


def read_header(header):
    if not isinstance(header, dict):
        raise Unreadable("it does not begin as an export does")
    for name, is_right in HEADER.items():
        if (name not in header and name != "vouches") or not is_right(header.get(name), header):
            raise Unreadable('its "%s" is not what that of an export is' % name)
    if any(name not in HEADER for name in header):
        raise Unreadable("it says something of itself that no export says")
    return dict({"vouches": []}, **header)


# An export, line by line

# Other lines than records: how long at most, and which members
LINES = {
    "export": (MIB, None),
    "checkpoint": (MIB // 2, ["note", "seq"]),
    "policy": (32 * MIB, ["hash", "text"]),
    "leaves": (20 * 1024, ["from", "hashes"]),
    "leaf": (100, None),
    "value": (MAX_LINE, ["commitment", "kind", "salt", "seq", "value"]),
    "end": (100, ["sha256"]),
}
LINE = re.compile(rb'\{"(export|checkpoint|policy|leaves|leaf|value|end)":')
LEAVES = re.compile(r"([0-9a-f]{64}){1,256}\Z")


def read_line(text, name):
    """The value of such a line; None: it is none. It is exactly what JSON.stringify writes: no member is there twice."""
    maximum, members = LINES[name]
    if text is None or len(text) > maximum:
        return None
    whole = attempt(parse, text)
    if not isinstance(whole, dict) or list(whole) != [name] or attempt(written, whole) != text:
        return None
    value = whole[name]
    if members is not None and not (isinstance(value, dict) and sorted(value) == members):
        return None
    return value


def is_part_of_time(at, since, until):
    return (since or "") <= at < (until or ":")


def what_it_says(data):
    chosen = data.get("filter")
    return [data.get("since"), data.get("until"), data.get("values"), chosen if isinstance(chosen, dict) else {}]


class Export:
    """Takes the lines of an export one by one, and collects what does not agree."""

    def __init__(self, header, options, erasures):
        self.header = read_header(header)
        self.start, self.end, self.size = self.header["from"], self.header["to"], self.header["size"]
        self.values = self.header["values"]
        self.problems, self.otherwise = Problems(), []
        self.shown = self.withheld = self.signed = 0
        self.keys = Keys(options.keys)
        if self.start > 0:
            self.keys.declare(self.header["keys"], self.header["vouches"])
        self.witnesses = [[key, 0] for key in options.witnesses]
        self.outside, self.erasures = options.outside, erasures
        self.stack, self.roots = Stack(), {}
        self.watched = {checkpoint.size for _, checkpoint in options.outside}
        self.watch()
        for level, value in zip(levels_between(0, self.start), self.header["left"]):
            self.push_subtree(level, value)
        self.place = self.start
        self.leaves = (self.start, b"")
        self.has_begun = self.is_broken = False
        self.is_filtered = any(map(is_text, self.header["filter"].values()))
        self.notes, self.note_bytes, self.last_checkpoint, self.covering = {}, 0, -1, []
        self.policies, self.named, self.named_keys = {}, {}, set()
        self.record, self.line, self.found, self.absent = None, b"", set(), []

    def problem(self, seq, what, message):
        self.problems.add(seq, what, message)

    def note(self, message):
        """What counts only if nothing else says it better."""
        if len(self.otherwise) < MAX_PROBLEMS:
            self.otherwise.append(message)

    def watch(self):
        if self.stack.size in self.watched:
            self.roots[self.stack.size] = self.stack.root().hex()

    def push_subtree(self, level, value):
        """On the way there is the root at each size that subtrees end at."""
        self.stack.push(level, bytes.fromhex(value))
        self.roots[self.stack.size] = self.stack.root().hex()

    def add_checkpoint(self, seq, text):
        self.note_bytes += len(text) + 1024
        if self.note_bytes > MAX_NOTES:
            raise Unreadable("it has more checkpoints than are read")
        if seq <= self.last_checkpoint or self.has_begun:
            self.problem(None, "added", "Checkpoint %d is where none belongs" % seq)
        self.last_checkpoint = seq
        checkpoint = attempt(Checkpoint, text)
        if self.start <= seq < self.end:
            self.notes[seq] = checkpoint
            if checkpoint is not None:
                self.watched.add(checkpoint.size)
            self.watch()
        else:
            self.covering.append((seq, checkpoint))

    def add_policy(self, name, text):
        if name in self.policies or self.has_begun:
            self.problem(None, "added", "The policy %s is where none belongs" % name)
        self.policies[name] = sha256(text).hex() == name

    def add_line(self, line):
        match = LINE.match(line)
        if match is None:
            self.add_record(line)
            return
        name = match.group(1).decode()
        value = None if len(line) > 4 * LINES[name][0] else read_line(decode(line), name)
        if value is None or not self.add_other(name, value):
            self.problem(self.place, "changed", 'A line "%s" is not one' % name)

    def add_other(self, name, value):
        """Whether it is one."""
        if name == "checkpoint":
            if not is_seq(value["seq"]) or not is_sound(value["note"]):
                return False
            self.add_checkpoint(value["seq"], value["note"])
        elif name == "policy":
            if not is_hash(value["hash"]) or not is_sound(value["text"]):
                return False
            self.add_policy(value["hash"], value["text"].encode())
        elif name == "leaves":
            if not is_seq(value["from"]) or not is_text(value["hashes"]) or not LEAVES.match(value["hashes"]):
                return False
            self.add_leaves(value["from"], bytes.fromhex(value["hashes"]))
        elif name == "leaf":
            if not is_hash(value):
                return False
            self.add_withheld(bytes.fromhex(value))
        elif name == "value":
            hashes = is_hash(value["commitment"]) and is_hash(value["salt"])
            text = value["value"]
            is_value = is_seq(value["seq"]) and hashes and is_text(value["kind"])
            if not is_value or not (text is None or is_sound(text)):
                return False
            self.add_value(**value)
        else:
            self.problem(self.place, "added", 'A line "%s" is where none belongs' % name)
        return True

    def add_leaves(self, start, hashes):
        """A line of leaves stands before the records of a tile, and has all of them."""
        self.has_begun = True
        end = min(self.end, start - start % TILE + TILE)
        is_at_start = start == self.start or start % TILE == 0
        if start != self.place or not is_at_start or len(hashes) != (end - start) * 32:
            self.note("The leaves of the records from %d on are not where they belong" % start)
        self.leaves = (start, hashes)

    def add_withheld(self, leaf):
        seq = self.take_place()
        self.withheld += 1
        if not self.is_filtered:
            self.problem(seq, "removed", "Record %d is withheld, although the export has no filter" % seq)
        elif seq == self.header["record"]:
            self.problem(seq, "removed", "Record %d is withheld, which says what the export is" % seq)
        if self.leaf_at(seq) not in (None, leaf):
            self.problem(seq, "changed", "Record %d, which is withheld, has another leaf" % seq)
        self.push(leaf)

    def add_record(self, line):
        seq = self.take_place()
        self.shown += 1
        record = read_record(line)
        leaf = leaf_hash(line)
        if record is None:
            self.problem(seq, "changed", "Record %d is not the canonical JSON of a record" % seq)
        elif record["seq"] != seq:
            if not self.is_broken:
                self.problem(seq, "reordered", "Line %d of the records holds record %d" % (seq, record["seq"]))
            self.is_broken = True
        elif not self.is_broken and self.leaf_at(seq) not in (None, leaf):
            self.problem(seq, "changed", "Record %d does not hash to its leaf" % seq)
        self.push(leaf)
        if record is not None and record["seq"] == seq and not self.is_broken:
            self.record, self.line = record, line
            self.look_at(record)

    def take_place(self):
        self.end_record()
        self.has_begun = True
        seq, self.place = self.place, self.place + 1
        if seq < self.end and self.leaf_at(seq) is None:
            self.note("The leaves of the records from %d on are missing" % seq)
        return seq

    def leaf_at(self, seq):
        start = (seq - self.leaves[0]) * 32
        return self.leaves[1][start : start + 32] if 0 <= start < len(self.leaves[1]) else None

    def push(self, leaf):
        if self.stack.size < self.end:
            self.stack.push(0, leaf)
            self.watch()

    def look_at(self, record):
        seq, kind, data = record["seq"], record["kind"], record["data"]
        if kind == "key":
            self.keys.add(seq, data, self.problems)
        if kind == "checkpoint":
            self.check_checkpoint(seq, data)
        elif seq in self.notes:
            del self.notes[seq]
            self.problem(seq, "added", "A checkpoint's note lies beside record %d, which is none" % seq)
        if kind == "policy" and data.get("result") == "loaded" and isinstance(data.get("files"), list):
            for file in data["files"]:
                if isinstance(file, dict) and is_text(file.get("hash")):
                    name = file["hash"] if is_hash(file["hash"]) else "that no hash names"
                    self.named.setdefault(name, seq)
        self.check_declared(record)

    def check_declared(self, record):
        header, seq, kind, data = self.header, record["seq"], record["kind"], record["data"]
        is_own = seq == header["record"]
        is_same = kind == "export" and record["at"] == header["at"] and what_it_says(data) == what_it_says(header)
        if is_own and not is_same:
            self.problem(seq, "changed", "The export does not say of itself what its record says")
        is_shared = (
            is_own or kind in ("policy", "checkpoint", "erasure") or (kind == "key" and record["team"] is None)
        )
        wanted = [(name, header["filter"].get(name)) for name in ("kind", "team", "assistant", "receipt")]
        differs = any(text is not None and record[name] != text for name, text in wanted)
        if self.is_filtered and not is_shared and differs:
            self.problem(seq, "added", "Record %d is shown, although the export's filter is not for it" % seq)
        since, until = header["since"], header["until"]
        is_edge = (since is not None and seq == self.start) or (until is not None and seq == self.end - 1)
        is_part = self.start > 0 or self.end < self.size
        if is_part and is_edge and not is_part_of_time(record["at"], since, until):
            self.problem(seq, "added", "Record %d is the first or last, and not of the export's time" % seq)
        if kind == "key" and data.get("change") == "signing" and is_text(data.get("verifier")):
            self.named_keys.add(data["verifier"])
            if data["verifier"] not in header["keys"]:
                self.problem(seq, "changed", "The export leaves out the key that record %d names" % seq)

    def check_checkpoint(self, seq, data):
        has_note, checkpoint = seq in self.notes, self.notes.pop(seq, None)
        if not is_seq(data.get("size")) or data["size"] > seq:
            self.problem(seq, "forged", "Checkpoint %d is about records that come after it" % seq)
            return
        if not has_note:
            self.problem(seq, "removed", "The note of checkpoint %d is missing" % seq)
            return
        signatures = None if checkpoint is None else checkpoint.first_signed(data.get("note"))
        if signatures is None:
            self.problem(seq, "changed", "The note of checkpoint %d is not the one that was signed" % seq)
            return
        said = (checkpoint.origin, checkpoint.size, checkpoint.root)
        if said != (data.get("origin"), data["size"], data.get("root")):
            self.problem(seq, "changed", "Checkpoint %d does not say what its note says" % seq)
            return
        self.check_witnesses(seq, checkpoint)
        checkpoint.signatures = signatures
        good, bad = self.keys.open(checkpoint)
        if bad or all(known.key.label != data.get("key") for known in good):
            self.problem(seq, "forged", "Checkpoint %d has no valid signature by the key that it names" % seq)
        elif any(known.counts for known in good):
            self.signed += 1
        elif seq > self.keys.counts_since():
            message = "Checkpoint %d is signed by a key for which none that is trusted vouches"
            self.problem(seq, "forged", message % seq)
        if not self.is_broken and self.roots.get(checkpoint.size, checkpoint.root) != checkpoint.root:
            self.problem(min(checkpoint.size, seq), "rewritten", "Checkpoint %d signed other records" % seq)

    def check_witnesses(self, seq, checkpoint):
        for witness in self.witnesses:
            good, bad = checkpoint.open([witness[0]])
            witness[1] += len(good)
            if bad:
                message = "Checkpoint %d has a signature in a witness' name that is not valid"
                self.problem(seq, "forged", message % seq)

    def add_value(self, seq, commitment, salt, kind, value):
        if self.is_broken:
            return
        is_its = self.record is not None and self.record["seq"] == seq and commitment not in self.found
        if not is_its or kind not in self.values:
            self.problem(seq, "added", "A value beside record %d is where none belongs" % seq)
            return
        self.found.add(commitment)
        if ('"%s"' % commitment).encode() not in self.line:
            self.problem(seq, "added", "Record %d names no commitment to a %s that lies beside it" % (seq, kind))
        elif value is None or commitment_of(salt, kind, value) != commitment:
            self.problem(seq, "changed", "The %s beside record %d is not the one that it commits to" % (kind, seq))
        elif self.erasures.has(seq, commitment, [kind]):
            self.problem(seq, "added", "The %s beside record %d was erased, and is there again" % (kind, seq))

    def end_record(self):
        """Notes which values of the record before are not there."""
        # An erasure that comes later may say why.
        if self.record is not None and self.values and self.end == self.size:
            seq = self.record["seq"]
            for commitment, kinds in named_commitments(self.record):
                is_wanted = commitment not in self.found and set(kinds) <= set(self.values)
                if is_wanted and len(self.absent) < MAX_PROBLEMS and not self.erasures.has(seq, commitment, kinds):
                    self.absent.append(seq)
        self.record, self.found = None, set()

    def finish(self):
        """What can be said when everything was read."""
        self.end_record()
        if self.is_broken:
            return
        if self.place < self.end:
            self.problem(self.place, "cut_off", "Records from %d on are cut off" % self.place)
        elif self.place > self.end:
            self.problem(self.end, "added", "There are records from %d on that do not belong here" % self.end)
        else:
            self.check_tree()
        for seq in self.notes:
            self.problem(seq, "removed", "Record %d is missing: a checkpoint's note is left of it" % seq)
        self.check_policies()
        self.check_range()
        for seq in self.absent:
            self.problem(seq, "removed", "A value beside record %d is missing: no erasure says so" % seq)
        if not self.problems.found:
            for message in self.otherwise:
                self.problem(None, "changed", message)

    def check_tree(self):
        root, is_covered = self.header["root"], False
        if self.end < self.size:
            # Who signed the whole may have come on record after a part.
            self.keys.declare(self.header["keys"], self.header["vouches"])
        for seq, checkpoint in self.covering:
            good, bad = ([], []) if checkpoint is None else self.keys.open(checkpoint)
            if checkpoint is None or (checkpoint.size, checkpoint.root) != (self.size, root):
                self.problem(None, "changed", "Checkpoint %d does not say what the proof says" % seq)
            elif checkpoint.origin != self.header["origin"]:
                message = "Checkpoint %d is of another trail than the export says that it is from"
                self.problem(None, "changed", message % seq)
            elif bad or not good:
                self.problem(None, "forged", "Checkpoint %d has no valid signature by a key that is known" % seq)
            else:
                self.check_witnesses(seq, checkpoint)
                if any(known.counts for known in good):
                    self.signed += 1
                    is_covered = True
        for level, value in zip(levels_between(self.end, self.size), self.header["right"]):
            self.push_subtree(level, value)
        self.watch()
        if self.stack.root().hex() != root:
            self.problem(None, "rewritten", "The records do not hash to the root")
        for name, checkpoint in self.outside:
            self.check_outside(name, checkpoint)
        if self.keys.are_pinned and not is_covered and not self.problems.found:
            message = "No checkpoint of the tree of %d records is signed by a key that is trusted"
            self.problem(None, "forged", message % self.size)

    def check_outside(self, name, checkpoint):
        good, bad = self.keys.open(checkpoint)
        root = self.roots.get(checkpoint.size)
        if bad or not any(known.counts for known in good):
            self.problem(None, "forged", "The checkpoint %s is signed by no key that counts" % name)
        if checkpoint.size > self.size:
            self.problem(self.size, "cut_off", "The checkpoint %s signed more records" % name)
        elif root is None:
            message = "The checkpoint %s cannot be compared: nothing here shows what the tree was then"
            self.problem(None, "unproved", message % name)
        elif root != checkpoint.root:
            self.problem(0, "rewritten", "The checkpoint %s signed other records" % name)

    def check_policies(self):
        for name, is_right in self.policies.items():
            if not is_right:
                message = "The text of policy %s does not hash to its name"
                self.problem(self.named.get(name), "changed", message % name)
        if self.header["filter"]["team"] is None:
            for name, seq in self.named.items():
                if name not in self.policies:
                    self.problem(seq, "removed", "The text of policy %s is missing" % name)

    def check_range(self):
        since, until, is_empty = self.header["since"], self.header["until"], self.start == self.end
        if since is None and self.start != 0 and not (is_empty and until is not None):
            message = "The export begins with record %d, although it has no earliest time"
            self.problem(0, "removed", message % self.start)
        if until is None and self.end != self.size and not (is_empty and since is not None):
            message = "The export ends before record %d, although it has no latest time"
            self.problem(self.end, "cut_off", message % self.end)
        is_whole = self.start == 0 and self.end == self.size
        if is_whole and any(key not in self.named_keys for key in self.header["keys"]):
            self.problem(None, "changed", "The export names a key that signs, which none of its records does")

    def verdict(self):
        """What everything that agrees is worth, in lines."""
        header, start, end, size = self.header, self.start, self.end, self.size
        whose = "" if self.keys.are_pinned else " (by keys that it names itself)"
        only = ", ".join("%s %s" % one for one in header["filter"].items() if is_text(one[1]))
        values = "with " + ", ".join(self.values) if self.values else "without values"
        first = "records %d to %d of %d, root %s; %d signed checkpoints%s"
        lines = [
            first % (start, end - 1, size, header["root"], self.signed, whose),
            "It says that it is from %s, at %s, of %s, %s"
            % (header["origin"], header["at"], only or "everybody", values),
        ]
        lines += ["witness %s cosigned %d checkpoints" % (key.label, count) for key, count in self.witnesses]
        if not self.keys.are_pinned:
            lines.append("Not known: who signed (it names the keys itself: give --key)")
        if self.withheld > 0:
            lines.append("Not known: whether what is withheld is what the filter withholds")
        if start > 0:
            lines.append("Not known: what the %d records before it say, of policies among others" % start)
        if end < size and self.values:
            lines.append("Not known: whether a value that is absent was erased after record %d" % (end - 1))
        return lines


# Files


def lines_of(path):
    """The lines of a file with their line breaks, as bytes."""
    with open(path, "rb") as stream:
        while True:
            line = stream.readline(MAX_LINE + 1)
            if line == b"":
                return
            if len(line) > MAX_LINE:
                raise Unreadable("a line is too long")
            yield line


def bare(line):
    return line[:-1] if line.endswith(b"\n") else line


def read_whole(path, maximum):
    with open(path, "rb") as stream:
        data = stream.read(maximum + 1)
    if len(data) > maximum:
        raise Unreadable("it is too long")
    return data


def add_bytes(line, target, name):
    if not line.endswith(b"\n"):
        target.note("The last line of %s is cut off" % name)
    target.add_line(bare(line))


def erasures_in(files, header):
    erasures = Erasures(header["from"])
    if header["values"]:
        for file in files:
            for line in lines_of(file):
                if not erasures.add(bare(line)):
                    return erasures
    return erasures


def read_jsonl(path, options, on_export):
    digest, end, target = hashlib.sha256(), None, None
    for line in lines_of(path):
        is_end = line.startswith(b'{"end":')
        if not is_end:
            digest.update(line)
        if target is None:
            text = decode(line) if len(line) <= MIB else None
            header = read_header(None if text is None else read_line(text.rstrip(), "export"))
            target = Export(header, options, erasures_in([path], header))
            on_export(target)
        elif end is not None:
            target.problem(None, "added", "There are lines after the end")
        elif is_end:
            match = re.match(rb'\{"end":\{"sha256":"([0-9a-f]{64})"\}\}\n\Z', line)
            end = match.group(1).decode() if match else ""
        else:
            add_bytes(line, target, "the export")
    if target is None:
        raise Unreadable("it is empty")
    if end != digest.hexdigest():
        target.note("The SHA-256 of the export is not the one in its last line")
    target.finish()


# Every name that a pack can have in it, and how many bytes it has at most
PACK_FILES = [
    (re.compile(r"(README\.md|verify\.mjs|verify\.py|verifying\.md|proof\.json)\Z"), MIB),
    (re.compile(r"summary\.txt\Z"), 16 * MIB),
    (re.compile(r"checkpoints/(0|[1-9]\d{0,15})\.txt\Z", re.ASCII), MAX_NOTE),
    (re.compile(r"policies/[0-9a-f]{64}\.yaml\Z"), 16 * MIB),
    (re.compile(r"records/\d{6}\.jsonl\Z", re.ASCII), 1024 * MIB),
    (re.compile(r"manifest\.json\Z"), 64 * MIB),
]


def pack_files(folder):
    """Names in a folder, without hidden files, which desktops leave behind."""
    names = []
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            names += [name + "/" + inner for inner in os.listdir(path) if not inner.startswith(".")]
        else:
            names.append(name)
        if len(names) > MAX_FILES:
            raise Unreadable("it has too many files")
    for name in names:
        whole = os.path.join(folder, name)
        maximum = next((most for pattern, most in PACK_FILES if pattern.match(name)), -1)
        if os.path.islink(whole) or not os.path.isfile(whole) or os.path.getsize(whole) > maximum:
            raise Unreadable("%s has no place in a pack" % json.dumps(name))
    return sorted(names, key=lambda name: (number_of(name), name))


def number_of(name):
    match = re.search(r"/(\d{1,16})\.(txt|jsonl)\Z", name)
    return int(match.group(1)) if match else 0


def read_pack(folder, options, on_export):
    names = pack_files(folder)
    if "proof.json" not in names:
        raise Unreadable("it has no proof.json")
    proof = decode(read_whole(os.path.join(folder, "proof.json"), MIB))
    header = read_header(None if proof is None else read_json(proof, 2))
    parts = [name for name in names if name.startswith("records/")]
    target = Export(header, options, erasures_in([os.path.join(folder, name) for name in parts], header))
    on_export(target)
    found = {}
    for name in names:
        if name in parts or name == "manifest.json":
            continue
        data = read_whole(os.path.join(folder, name), 64 * MIB)
        stem = name.split("/")[-1].split(".")[0]
        if name.startswith("checkpoints/"):
            target.add_checkpoint(int(stem), decode(data) or "")
        elif name.startswith("policies/"):
            target.add_policy(stem, data)
        found[name] = {"bytes": len(data), "sha256": sha256(data).hex()}
    for index, name in enumerate(parts):
        if int(name[8:14]) != index:
            target.note("%s is not the next part of the records" % name)
        digest, size = hashlib.sha256(), 0
        for line in lines_of(os.path.join(folder, name)):
            digest.update(line)
            size += len(line)
            add_bytes(line, target, name)
        found[name] = {"bytes": size, "sha256": digest.hexdigest()}
    compare_manifest(folder, found, target)
    target.finish()


def compare_manifest(folder, found, target):
    path = os.path.join(folder, "manifest.json")
    text = decode(read_whole(path, 64 * MIB)) if os.path.isfile(path) else None
    manifest = None if text is None else read_json(text, 2)
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, dict) or manifest.get("format") != "countersign-pack@v1":
        target.note("The pack has no manifest.json that can be read")
        return
    for name in list(files) + [name for name in found if name not in files]:
        if files.get(name) != found.get(name):
            target.note("%s is not as it was written" % json.dumps(name))


# Proofs


def is_proved(value):
    return (
        isinstance(value, dict)
        and sorted(value) == ["index", "path", "record"]
        and is_text(value["record"])
        and is_seq(value["index"])
        and isinstance(value["path"], list)
        and all(map(is_hash, value["path"]))
    )


PROOF = {
    "format": lambda value: value == "countersign-proof@v1",
    "size": is_seq,
    "root": is_hash,
    "checkpoint": lambda value: value is None or is_text(value),
    "keys": lambda value: are_texts(value, is_text),
    "vouches": lambda value: value is None or are_texts(value, is_text),
    "records": lambda value: isinstance(value, list) and all(map(is_proved, value)),
}


def check_proof(proof, given, problems):
    """What does not agree in a proof of single records."""
    is_proof = (
        isinstance(proof, dict)
        and "checkpoint" in proof
        and all(name in PROOF for name in proof)
        and all(is_right(proof.get(name)) for name, is_right in PROOF.items())
    )
    if not is_proof:
        raise Unreadable("it is neither an export, nor an unpacked pack, nor a proof")
    size, root = proof["size"], proof["root"]
    if not proof["records"]:
        problems.add(None, "removed", "It proves nothing")
    if proof["checkpoint"] is not None:
        check_proofs_checkpoint(proof, given, problems)
    elif given:
        problems.add(None, "forged", "There is no checkpoint, and so no signature")
    seen = set()
    for one in proof["records"]:
        index, path, line = one["index"], one["path"], one["record"].encode("utf-8", "surrogatepass")
        record = read_record(line)
        if record is None or record["seq"] != index or not is_included(line, index, path, size, root):
            problems.add(index, "changed", "Record %d is not proved to be in the tree" % index)
        if index in seen:
            problems.add(index, "added", "Record %d is there twice" % index)
        seen.add(index)


def check_proofs_checkpoint(proof, given, problems):
    note = attempt(Checkpoint, proof["checkpoint"])
    known = Keys(given)
    is_read = attempt(lambda: known.declare(proof["keys"], proof.get("vouches") or []) is None)
    if note is None or (note.size, note.root) != (proof["size"], proof["root"]) or not is_read:
        problems.add(None, "changed", "The checkpoint does not say what the proof says")
    if note is not None:
        good, bad = known.open(note)
        if bad or not any(one.counts for one in good):
            problems.add(None, "forged", "The checkpoint is signed by no known key")


def is_included(line, index, path, size, root):
    if index >= size:
        return False
    first, last, value = index, size - 1, leaf_hash(line)
    for one in map(bytes.fromhex, path):
        if last == 0:
            return False
        if first & 1 or first == last:
            value = node_hash(one, value)
            while first % 2 == 0 and first != 0:
                first, last = first >> 1, last >> 1
        else:
            value = node_hash(value, one)
        first, last = first >> 1, last >> 1
    return last == 0 and value.hex() == root


TLOG_PROOF = re.compile(
    r"c2sp\.org/tlog-proof@v1\n(?:extra ([A-Za-z0-9+/=]*)\n)?index (0|[1-9]\d{0,14})\n"
    r"((?:[A-Za-z0-9+/]{43}=\n)*)\n(.+)\Z",
    re.ASCII | re.DOTALL,
)


def read_tlog_proof(text, record_file):
    """A proof in C2SP's form, of which the record is in the extra data, or in a file beside it."""
    match = TLOG_PROOF.match(text) if len(text) <= 8 * MIB else None
    if match is None:
        raise Unreadable("it is no c2sp.org/tlog-proof")
    encoded, index, path, checkpoint = match.groups()
    extra = attempt(lambda: read_json(decode(decode_base64(encoded)))) if encoded else None
    extra = extra if isinstance(extra, dict) else {}
    record = extra.get("record")
    if record_file is not None:
        record = bare(read_whole(record_file, MAX_RECORD)).decode("utf-8", "replace")
    if not is_text(record):
        raise Unreadable("its record is not in it: give it with --record")
    note = attempt(Checkpoint, checkpoint)
    return {
        "format": "countersign-proof@v1",
        "size": None if note is None else note.size,
        "root": None if note is None else note.root,
        "checkpoint": checkpoint,
        "keys": extra.get("keys", []),
        "vouches": extra.get("vouches", []),
        "records": [
            {
                "record": record,
                "index": int(index),
                "path": [(attempt(decode_base64, line) or b"").hex() for line in path.split("\n")[:-1]],
            }
        ],
    }


# The command

USAGE = (
    "write verify.py [path]... [--key <verifier key>] [--checkpoint <file>] [--witness <verifier key>]"
    " [--record <file>] [--json]"
)


class Options:
    def __init__(self, args):
        self.paths, self.keys, self.witnesses, self.outside = [], [], [], []
        self.record, self.json = None, False
        args = list(args)
        while args:
            arg = args.pop(0)
            if arg == "--json":
                self.json = True
            elif arg in ("--key", "--checkpoint", "--since", "--witness", "--record"):
                if not args:
                    raise Unreadable("%s needs a value" % arg)
                self.take(arg, args.pop(0))
            elif arg.startswith("-"):
                raise Unreadable(USAGE)
            else:
                self.paths.append(arg)
        self.paths = self.paths or [os.path.dirname(os.path.abspath(__file__))]

    def take(self, name, value):
        try:
            if name == "--key":
                self.keys.append(read_signing_key(value.strip()))
            elif name == "--witness":
                self.witnesses.append(Key(value.strip()))
            elif name == "--record":
                self.record = value
            else:
                self.outside.append((value, Checkpoint(decode(read_whole(value, MIB)) or "")))
        except ValueError as error:
            raise Unreadable("%s %s: %s" % (name, value, error))


def verify_path(path, options):
    """What is found in one file or folder: problems, counts, and lines about what agrees."""
    is_folder = os.path.isdir(path)
    start = b""
    if not is_folder:
        with open(path, "rb") as stream:
            start = stream.read(64)
    if start[:2] == b"\x1f\x8b":
        raise Unreadable("unpack it first: tar -xzf, into an empty folder")
    if is_folder or start.startswith(b'{"export":'):
        return verify_export(path, is_folder, options)
    if options.outside:
        raise Unreadable("a proof cannot be compared with a checkpoint")
    text = decode(read_whole(path, MAX_PROOF)) or ""
    if text.startswith("c2sp.org/tlog-proof@v1\n"):
        proof = read_tlog_proof(text, options.record)
    else:
        proof = read_json(text, 2 if text.startswith("{\n") else None)
    problems = Problems()
    until_enough(check_proof, proof, options.keys, problems)
    count = len(proof["records"])
    signed = "which nobody signed" if proof["checkpoint"] is None else "signed"
    whose = "" if options.keys or proof["checkpoint"] is None else " (by keys that it names itself)"
    return problems.found, count, 0, ["%d records of %s, %s%s" % (count, proof["size"], signed, whose)]


def verify_export(path, is_folder, options):
    opened = []
    until_enough(read_pack if is_folder else read_jsonl, path, options, opened.append)
    target = opened[0]
    found = target.problems.found
    return found, target.shown, target.withheld, [] if found else target.verdict()


def until_enough(work, *args):
    try:
        work(*args)
    except Enough:
        pass


def printable(text):
    """Without anything that a terminal obeys."""
    return re.sub(r"[^ -~]", lambda match: "\\u{%x}" % ord(match.group()), text)


def show(problems, shown, withheld, lines):
    for seq, what, message in sorted(problems, key=lambda one: float("inf") if one[0] is None else one[0]):
        print(printable("%s: %s: %s" % ("whole" if seq is None else "record %d" % seq, what, message)))
    counts = "%d shown, %d withheld" % (shown, withheld)
    if problems:
        print(counts + "\nNOT as it was written")
    else:
        print(printable("Everything agrees: " + lines[0]))
        for line in [counts] + lines[1:]:
            print(printable(line))


def run(args):
    options = Options(args)
    code = 0
    for path in options.paths:
        try:
            problems, shown, withheld, lines = verify_path(path, options)
        except (Unreadable, OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            is_told = isinstance(error, (Unreadable, OSError))
            message = str(error) if is_told else "it is malformed"
            if options.json:
                print(json.dumps({"path": path, "ok": False, "error": message}))
            print(printable("Cannot verify %s: %s" % (path, message)), file=sys.stderr)
            code = 2
            continue
        if options.json:
            found = [dict(zip(("seq", "what", "message"), one)) for one in problems]
            told = {"path": path, "ok": not problems, "shown": shown, "withheld": withheld, "problems": found}
            print(json.dumps(told))
        else:
            if len(options.paths) > 1:
                print(printable("== " + path))
            show(problems, shown, withheld, lines)
        code = max(code, 1 if problems else 0)
    return code


if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:]))
    except (Unreadable, OSError) as problem:
        print(printable("Cannot verify: %s" % problem), file=sys.stderr)
        sys.exit(2)
