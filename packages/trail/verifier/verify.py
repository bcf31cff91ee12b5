#!/usr/bin/env python3
"""Verifies an export, an unpacked evidence pack or a proof of a Countersign audit trail.

    python3 verify.py [path] [--key <verifier key>]... [--checkpoint <file>]...

Python 3.8 or newer and nothing else. Written from docs/verifying.md alone. Without a path it verifies the pack that it lies
in. Exits 0 when everything agrees, 1 when something does not, 2 when it cannot be read.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import sys

MAX_LINE = 128 * 1024 * 1024
MAX_PROBLEMS = 100
HASH = re.compile(r"[0-9a-f]{64}\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z", re.ASCII)
MEMBERS = ["assistant", "at", "data", "kind", "policy", "receipt", "seq", "team"]
KINDS = set(
    "intent outcome lifecycle readback policy drift key refused access export erasure checkpoint".split()
)


class Unreadable(Exception):
    """It is no export at all."""


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


def levels_of(size):
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


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


# Signed notes and checkpoints


def decode_base64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("no canonical base64")
    return data


def read_key(text):
    """A verifier key as (name, id, type, public key)."""
    name, key_id, encoded = text.strip().split("+", 2)
    data = decode_base64(encoded)
    if sha256(name.encode() + b"\n" + data)[:4].hex() != key_id:
        raise ValueError("its id is not that of its key")
    return name, key_id, data[0], data[1:]


class Note:
    def __init__(self, whole):
        text, separator, rest = whole.partition("\n\n")
        self.text = text + "\n"
        self.lines = rest.split("\n")
        if separator == "" or self.lines.pop() != "" or not self.lines:
            raise ValueError("no signed note")
        self.signatures = []
        for line in self.lines:
            dash, name, encoded = line.split(" ")
            data = decode_base64(encoded)
            if dash != "\u2014" or len(data) < 5:
                raise ValueError("no signature line")
            self.signatures.append((name, data[:4].hex(), data[4:]))
        lines = text.split("\n")
        if len(lines) < 3 or "" in lines or not re.match(r"(0|[1-9]\d{0,15})\Z", lines[1], re.ASCII):
            raise ValueError("no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), decode_base64(lines[2])
        if len(self.root) != 32:
            raise ValueError("no root")

    def first_signed(self, digest):
        """How many signature lines, from the first, hash to this."""
        for count in range(1, len(self.lines) + 1):
            whole = self.text + "\n" + "".join(line + "\n" for line in self.lines[:count])
            if sha256(whole.encode()).hex() == digest:
                return count
        return 0

    def check(self, keys):
        """Labels of the keys that signed, and of those in whose name there is something else."""
        good, bad = [], []
        for name, key_id, kind, public_key in keys:
            for signer, signer_id, signature in self.signatures:
                if (signer, signer_id) != (name, key_id):
                    continue
                message = self.text
                if kind == 4:
                    message = "cosignature/v1\ntime %d\n%s" % (int.from_bytes(signature[:8], "big"), self.text)
                    signature = signature[8:]
                is_valid = kind in (1, 4) and verify_ed25519(public_key, message.encode(), signature)
                (good if is_valid else bad).append("%s+%s" % (name, key_id))
        return good, bad


# Canonical JSON, RFC 8785


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


def canonical(value):
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        value.encode()  # refuses half a surrogate pair
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[%s]" % ",".join(map(canonical, value))
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{%s}" % ",".join("%s:%s" % (canonical(key), canonical(value[key])) for key in keys)


def read_record(line):
    """The record of a line, or None."""
    try:
        text = line.decode("utf-8")
        value = json.loads(text)
        if not isinstance(value, dict) or sorted(value) != MEMBERS or canonical(value) != text:
            return None
    except (ValueError, RecursionError):
        return None
    texts = [value[name] for name in ("team", "assistant", "receipt", "policy")]
    is_record = (
        type(value["seq"]) is int
        and 0 <= value["seq"] < 2**53
        and isinstance(value["at"], str)
        and TIME.match(value["at"])
        and isinstance(value["kind"], str)
        and value["kind"] in KINDS
        and all(text is None or isinstance(text, str) for text in texts)
        and isinstance(value["data"], dict)
    )
    return value if is_record else None


# Commitments


def commitment_of(salt, kind, value):
    return hmac.new(bytes.fromhex(salt), kind.encode() + b"\0" + value.encode(), "sha256").hexdigest()


PERSON, TEXT = {"text", "address"}, {"text"}
FIELDS = {
    "intent": [
        ("recipients", "address", {"address"}),
        (None, "subject", {"subject"}),
        (None, "original_subject", {"subject"}),
        (None, "body", {"body"}),
        (None, "caller_key", {"caller_key"}),
        ("attachments", "name", {"attachment_name"}),
        ("attachments", "content", {"attachment"}),
    ],
    "outcome": [(None, "multimail_text", TEXT)],
    "key": [(None, "person", TEXT)],
}
for _kind in ("lifecycle", "drift", "access", "export", "erasure"):
    FIELDS[_kind] = [(None, "by", PERSON), (None, "reason", TEXT)]
FIELDS["export"] += [("filter", "recipient", {"address"}), ("filter", "by", PERSON)]
FIELDS["drift"] += [(None, "declared", TEXT), (None, "live", TEXT)]


def is_hash(value):
    return isinstance(value, str) and HASH.match(value) is not None


def named_commitments(record):
    for group, field, kinds in FIELDS.get(record["kind"], []):
        data = record["data"]
        holders = [data] if group is None else data.get(group)
        for holder in holders if isinstance(holders, list) else [holders]:
            if isinstance(holder, dict) and is_hash(holder.get(field)):
                yield holder[field], kinds


# An export, line by line


def is_seq(value):
    return type(value) is int and 0 <= value < 2**53


class Export:
    """Takes the lines of an export one by one, and collects what does not agree."""

    def __init__(self, header, keys, outside):
        self.header = header if isinstance(header, dict) else {}
        if self.header.get("format") != "countersign-export@v1":
            raise Unreadable("its format is not countersign-export@v1")
        self.start, self.end = self.header.get("from"), self.header.get("to")
        self.size, self.root = self.header.get("size"), self.header.get("root")
        left, right = self.header.get("left"), self.header.get("right")
        if not all(map(is_seq, (self.start, self.end, self.size))) or not self.start <= self.end <= self.size:
            raise Unreadable("its from, to and size are no range")
        wanted = [(left, levels_of(self.start)), (right, levels_between(self.end, self.size))]
        for hashes, levels in wanted:
            if not isinstance(hashes, list) or len(hashes) != len(levels) or not all(map(is_hash, hashes)):
                raise Unreadable("its left and right are not the hashes of its range")
        if not is_hash(self.root) or not isinstance(self.header.get("values"), list):
            raise Unreadable("its root or values are missing")
        self.filter = self.header.get("filter") or {}
        self.keys, self.outside = keys, outside
        self.is_pinned = bool(keys)
        if not keys:
            self.keys = [read_key(key) for key in self.header.get("keys") or []]
        self.stack = Stack()
        for level, value in zip(levels_of(self.start), left):
            self.stack.push(level, bytes.fromhex(value))
        self.right = [bytes.fromhex(value) for value in right]
        self.place = self.start
        self.leaves = (0, b"")
        self.problems, self.otherwise = [], []
        self.notes, self.policies, self.roots = {}, {}, {}
        self.named = {}  # policy files by hash: first record that names one
        self.record = None
        self.line = b""
        self.found = set()
        self.absent = []
        self.erased, self.erased_below = set(), {}
        self.is_broken, self.is_whole = False, (self.start, self.end) == (0, self.size)
        self.signed = 0
        self.watched = {note.size for _, note in outside}
        self.watch()

    def problem(self, seq, what, message):
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append((seq, what, message))

    def watch(self):
        if self.stack.size in self.watched:
            self.roots[self.stack.size] = self.stack.root()

    def add_checkpoint(self, seq, whole):
        try:
            note = Note(whole)
        except ValueError:
            note = None
        if self.start <= seq < self.end:
            self.notes[seq] = note
        elif note is None or note.size != self.size:
            self.problem(None, "changed", "Checkpoint %d is not one that covers the records" % seq)
        if note is None:
            return
        self.watched.add(note.size)
        self.watch()
        if note.size == self.size and note.root.hex() != self.root:
            self.problem(None, "changed", "Checkpoint %d does not say what the proof says" % seq)
        if not self.start <= seq < self.end:
            good, bad = note.check(self.keys)
            self.signed += bool(good)
            if bad:
                self.problem(None, "forged", "Checkpoint %d has a signature that is not valid" % seq)

    def add_policy(self, name, text):
        self.policies[name] = sha256(text).hex() == name
        if not self.policies[name]:
            self.problem(None, "changed", "The text of policy %s does not hash to its name" % name)

    def add_line(self, line):
        match = re.match(rb'\{"(export|checkpoint|policy|leaves|leaf|value|end)":', line)
        if match is None:
            self.add_record(line)
            return
        name = match.group(1).decode()
        try:
            value = json.loads(line.decode("utf-8"))
            if list(value) != [name]:
                raise ValueError(name)
            getattr(self, "add_%s_line" % name, self.refuse_line)(value[name])
        except (ValueError, TypeError, KeyError, RecursionError):
            self.problem(self.place, "changed", "A line %s is not one" % name)

    def refuse_line(self, _):
        raise ValueError("not here")

    def add_checkpoint_line(self, value):
        self.add_checkpoint(value["seq"], value["note"])

    def add_policy_line(self, value):
        self.add_policy(value["hash"], value["text"].encode())

    def add_leaves_line(self, value):
        self.leaves = (value["from"], bytes.fromhex(value["hashes"]))

    def add_leaf_line(self, value):
        if not is_hash(value):
            raise ValueError("no hash")
        self.end_record()
        self.is_whole = False
        seq, leaf = self.take_place(), bytes.fromhex(value)
        if self.leaf_at(seq) not in (None, leaf):
            self.problem(seq, "changed", "Record %d, which is withheld, has another leaf" % seq)
        self.push(leaf)

    def add_record(self, line):
        self.end_record()
        seq = self.take_place()
        record = read_record(line)
        leaf = leaf_hash(line)
        if record is None:
            self.problem(seq, "changed", "Record %d is not the canonical JSON of a record" % seq)
        elif record["seq"] != seq:
            if not self.is_broken:
                self.problem(seq, "reordered", "Line %d of the records holds record %d" % (seq, record["seq"]))
            self.is_broken = True
        elif self.leaf_at(seq) not in (None, leaf) and not self.is_broken:
            self.problem(seq, "changed", "Record %d does not hash to its leaf" % seq)
        self.push(leaf)
        if record is not None and record["seq"] == seq and not self.is_broken:
            self.record, self.line, self.found = record, line, set()
            self.look_at(record)

    def take_place(self):
        self.place += 1
        return self.place - 1

    def leaf_at(self, seq):
        start = (seq - self.leaves[0]) * 32
        return self.leaves[1][start : start + 32] if 0 <= start < len(self.leaves[1]) else None

    def push(self, leaf):
        if self.stack.size < self.end:
            self.stack.push(0, leaf)
            self.watch()

    def look_at(self, record):
        seq, kind, data = record["seq"], record["kind"], record["data"]
        if kind == "checkpoint":
            self.check_checkpoint(seq, data)
        if kind == "policy" and data.get("result") == "loaded" and isinstance(data.get("files"), list):
            for file in data["files"]:
                if isinstance(file, dict) and isinstance(file.get("hash"), str):
                    self.named.setdefault(file["hash"], seq)
        if kind == "erasure":
            self.add_erasure(seq, data)
        if seq == self.header.get("record"):
            names = ("since", "until", "values", "filter")
            same = all(data.get(name) == self.header.get(name) for name in names)
            if kind != "export" or record["at"] != self.header.get("at") or not same:
                self.problem(seq, "changed", "The export does not say of itself what its record says")

    def add_erasure(self, seq, data):
        commitments, below = data.get("commitments"), data.get("below")
        if isinstance(commitments, list):
            self.erased.update(one for one in commitments if isinstance(one, str))
        if isinstance(below, dict) and is_seq(below.get("seq")) and isinstance(below.get("kinds"), list):
            for one in below["kinds"]:
                self.erased_below[str(one)] = max(self.erased_below.get(str(one), 0), min(below["seq"], seq))

    def check_checkpoint(self, seq, data):
        if seq not in self.notes:
            self.problem(seq, "removed", "The note of checkpoint %d is missing" % seq)
            return
        note = self.notes.pop(seq)
        count = note.first_signed(data.get("note")) if note else 0
        if count == 0:
            self.problem(seq, "changed", "The note of checkpoint %d is not the one that was signed" % seq)
            return
        said = (note.origin, note.size, note.root.hex())
        if said != (data.get("origin"), data.get("size"), data.get("root")) or note.size > seq:
            self.problem(seq, "changed", "Checkpoint %d does not say what its note says" % seq)
        note.signatures = note.signatures[:count]
        good, bad = note.check(self.keys)
        self.signed += bool(good)
        is_known = any(data.get("key") == "%s+%s" % key[:2] for key in self.keys)
        if bad or (is_known and data.get("key") not in good):
            self.problem(seq, "forged", "Checkpoint %d has no valid signature by the key that it names" % seq)
        if note.size in self.roots and self.roots[note.size] != note.root and not self.is_broken:
            self.problem(min(note.size, seq), "rewritten", "Checkpoint %d signed other records" % seq)

    def add_value_line(self, value):
        seq, kind, text = value["seq"], value["kind"], value["value"]
        commitment = value["commitment"]
        if not is_hash(commitment) or not is_hash(value["salt"]):
            raise ValueError("no hash")
        if seq != self.place - 1 or kind not in self.header["values"]:
            self.problem(seq, "added", "A %s of record %s is where none belongs" % (kind, seq))
        if self.record is None:
            return
        if ('"%s"' % commitment).encode() not in self.line:
            self.problem(seq, "added", "Record %s names no commitment to a %s" % (seq, kind))
        elif not isinstance(text, str) or commitment_of(value["salt"], kind, text) != commitment:
            self.problem(seq, "changed", "The %s of record %s is not the one it commits to" % (kind, seq))
        self.found.add(commitment)

    def end_record(self):
        """Notes which values of the record before are not there."""
        if self.record is not None and self.header["values"] and len(self.absent) < 1_000_000:
            for commitment, kinds in named_commitments(self.record):
                if commitment not in self.found and kinds <= set(self.header["values"]):
                    self.absent.append((self.record["seq"], commitment, kinds))
        self.record = None

    def is_erased(self, seq, commitment, kinds):
        return commitment in self.erased or any(seq < self.erased_below.get(kind, 0) for kind in kinds)

    def finish(self):
        self.end_record()
        if not self.is_broken and self.place < self.end:
            self.problem(self.place, "cut_off", "Records from %d on are cut off" % self.place)
        elif not self.is_broken and self.place > self.end:
            self.problem(self.end, "added", "There are records from %d on that do not belong here" % self.end)
        elif not self.problems:
            self.check_root()
        for seq in self.notes:
            if not self.is_broken and not self.problems:
                self.problem(seq, "removed", "Record %d is missing: a checkpoint's note is left of it" % seq)
        if self.filter.get("team") is None:
            for name, seq in self.named.items():
                if name not in self.policies:
                    self.problem(seq, "removed", "The text of policy %s is missing" % name)
        if self.is_whole and not self.is_broken:
            for seq, commitment, kinds in self.absent:
                if not self.is_erased(seq, commitment, kinds):
                    self.problem(seq, "removed", "A value of record %d is missing" % seq)
        if not self.problems:
            for message in self.otherwise:
                self.problem(None, "changed", message)
        self.problems.sort(key=lambda problem: float("inf") if problem[0] is None else problem[0])

    def check_root(self):
        for level, value in zip(levels_between(self.end, self.size), self.right):
            self.stack.push(level, value)
        self.watch()
        if self.stack.root().hex() != self.root:
            self.problem(None, "rewritten", "The records do not hash to the root")
        for name, note in self.outside:
            self.check_outside(name, note)
        if self.is_pinned and self.signed == 0 and self.is_whole:
            self.problem(None, "forged", "No checkpoint is signed by a key that is trusted")

    def check_outside(self, name, note):
        good, bad = note.check(self.keys)
        if bad or not good:
            self.problem(None, "forged", "The checkpoint %s is not signed by a known key" % name)
        if note.size > self.size:
            self.problem(self.size, "cut_off", "The checkpoint %s signed more records" % name)
        elif note.size in self.roots and self.roots[note.size] != note.root:
            self.problem(0, "rewritten", "The checkpoint %s signed other records" % name)


# Files


def lines_of(stream):
    while True:
        line = stream.readline(MAX_LINE + 1)
        if line == b"":
            return
        if len(line) > MAX_LINE:
            raise Unreadable("a line is too long")
        yield line


def read_jsonl(path, keys, outside):
    with open(path, "rb") as stream:
        lines = lines_of(stream)
        first = next(lines, b"")
        try:
            header = json.loads(first.decode("utf-8"))["export"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Unreadable('it does not begin with a line {"export": …}')
        export = Export(header, keys, outside)
        digest = hashlib.sha256(first)
        end = None
        for line in lines:
            if end is not None:
                export.problem(export.place, "added", "There are lines after the end")
            if line.startswith(b'{"end":'):
                match = re.match(rb'\{"end":\{"sha256":"([0-9a-f]{64})"\}\}\n\Z', line)
                end = match.group(1).decode() if match else ""
                continue
            digest.update(line)
            if not line.endswith(b"\n"):
                export.otherwise.append("The last line is cut off")
            export.add_line(line.rstrip(b"\n") if line.endswith(b"\n") else line)
        if end != digest.hexdigest():
            export.otherwise.append("The SHA-256 of the export is not the one in its last line")
    return export


PACK_FILE = re.compile(
    r"(README\.md|verify\.mjs|verify\.py|proof\.json|manifest\.json|checkpoints/\d{1,16}\.txt"
    r"|policies/[0-9a-f]{64}\.yaml|records/\d{6}\.jsonl)\Z",
    re.ASCII,
)


def pack_files(folder):
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        inner = sorted(os.listdir(path)) if os.path.isdir(path) and not os.path.islink(path) else None
        for one in [name] if inner is None else [name + "/" + each for each in inner]:
            if one.split("/")[-1].startswith("."):
                continue
            whole = os.path.join(folder, one)
            if PACK_FILE.match(one) is None or os.path.islink(whole) or not os.path.isfile(whole):
                raise Unreadable("%r has no place in a pack" % one)
            yield one


def read_pack(folder, keys, outside):
    names = list(pack_files(folder))
    if "proof.json" not in names:
        raise Unreadable("it has no proof.json")
    found, contents = {}, {}
    for name in names:
        digest, size = hashlib.sha256(), 0
        with open(os.path.join(folder, name), "rb") as stream:
            for chunk in iter(lambda: stream.read(1 << 20), b""):
                digest.update(chunk)
                size += len(chunk)
        found[name] = {"bytes": size, "sha256": digest.hexdigest()}
        if not name.startswith("records/"):
            with open(os.path.join(folder, name), "rb") as stream:
                contents[name] = stream.read(MAX_LINE)
    try:
        export = Export(json.loads(contents["proof.json"].decode()), keys, outside)
    except ValueError:
        raise Unreadable("its proof.json is no JSON")
    try:
        manifest = json.loads(contents["manifest.json"].decode())["files"]
        found.pop("manifest.json")
        for name in sorted(set(manifest) | set(found)):
            if manifest.get(name) != found.get(name):
                export.otherwise.append("%s is not as it was written" % name)
    except (KeyError, ValueError, TypeError, AttributeError):
        export.otherwise.append("The pack has no manifest.json that can be read")
    for name in names:
        stem = name.split("/")[-1].split(".")[0]
        if name.startswith("checkpoints/"):
            export.add_checkpoint(int(stem), contents[name].decode("utf-8", "replace"))
        elif name.startswith("policies/"):
            export.add_policy(stem, contents[name])
    for name in (name for name in names if name.startswith("records/")):
        with open(os.path.join(folder, name), "rb") as stream:
            for line in lines_of(stream):
                if not line.endswith(b"\n"):
                    export.otherwise.append("The last line of %s is cut off" % name)
                export.add_line(line[:-1] if line.endswith(b"\n") else line)
    return export


# Proofs


def proof_problems(proof, keys):
    """What does not agree in a proof of single records."""
    size, root = proof.get("size"), proof.get("root")
    if not is_seq(size) or not is_hash(root) or not isinstance(proof.get("records"), list):
        raise Unreadable("it is no proof")
    problems = [] if proof["records"] else [(None, "removed", "It proves nothing")]
    if proof.get("checkpoint") is not None:
        try:
            note = Note(proof["checkpoint"])
        except (ValueError, TypeError, AttributeError):
            return [(None, "changed", "The checkpoint is none")]
        good, bad = note.check(keys or [read_key(key) for key in proof.get("keys") or []])
        if (note.size, note.root.hex()) != (size, root):
            problems.append((None, "changed", "The checkpoint does not say what the proof says"))
        if bad or not good:
            problems.append((None, "forged", "The checkpoint is not signed by a known key"))
    elif keys:
        problems.append((None, "forged", "There is no checkpoint, and so no signature"))
    for one in proof["records"]:
        index, path, line = one.get("index"), one.get("path"), one.get("record")
        if not is_seq(index) or not isinstance(path, list) or not all(map(is_hash, path)):
            raise Unreadable("it is no proof")
        record = read_record(line.encode("utf-8", "surrogatepass")) if isinstance(line, str) else None
        if record is None or record["seq"] != index or not is_included(line, index, path, size, root):
            problems.append((index, "changed", "Record %d is not proved to be in the tree" % index))
    return problems


def is_included(line, index, path, size, root):
    if index >= size:
        return False
    first, last, value = index, size - 1, leaf_hash(line.encode())
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


# The command


def options_of(args):
    path, keys, outside = None, [], []
    while args:
        arg = args.pop(0)
        if arg in ("--key", "--checkpoint"):
            if not args:
                raise Unreadable("%s needs a value" % arg)
            value = args.pop(0)
            try:
                if arg == "--key":
                    keys.append(read_key(value))
                else:
                    with open(value, encoding="utf-8", newline="") as stream:
                        outside.append((value, Note(stream.read())))
            except ValueError as error:
                raise Unreadable("%s %s: %s" % (arg, value, error))
        elif arg.startswith("-") or path is not None:
            raise Unreadable("write verify.py [path] [--key <verifier key>] [--checkpoint <file>]")
        else:
            path = arg
    return path or os.path.dirname(os.path.abspath(__file__)), keys, outside


def run(args):
    path, keys, outside = options_of(args)
    if os.path.isdir(path):
        export = read_pack(path, keys, outside)
    else:
        with open(path, "rb") as stream:
            start = stream.read(1 << 16)
        if start[:2] == b"\x1f\x8b":
            raise Unreadable("unpack it first: tar -xzf, into an empty folder")
        if start.startswith(b'{"export":'):
            export = read_jsonl(path, keys, outside)
        else:
            return verify_proof(path, keys)
    export.finish()
    about = "records %d to %d of %d, root %s; %s" % (
        export.start,
        export.end - 1,
        export.size,
        export.root,
        "%d signed checkpoints%s" % (export.signed, "" if export.is_pinned else " (by keys that it names itself)"),
    )
    return report(export.problems, about)


def verify_proof(path, keys):
    try:
        with open(path, encoding="utf-8") as stream:
            proof = json.loads(stream.read(MAX_LINE))
    except (ValueError, RecursionError):
        proof = None
    if not isinstance(proof, dict) or proof.get("format") != "countersign-proof@v1":
        raise Unreadable("it is neither an export, nor an unpacked pack, nor a proof")
    return report(proof_problems(proof, keys), "%d records of %s" % (len(proof["records"]), proof["size"]))


def report(problems, about):
    for seq, what, message in problems:
        print("%s: %s: %s" % ("whole" if seq is None else "record %d" % seq, what, message))
    print("NOT as it was written" if problems else "Everything agrees: " + about)
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:]))
    except (Unreadable, OSError) as error:
        print("Cannot verify: %s" % error, file=sys.stderr)
        sys.exit(2)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        print("Cannot verify: it is malformed", file=sys.stderr)
        sys.exit(2)
