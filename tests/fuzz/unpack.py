"""Writes the lines of the corpora as files for the fuzzer."""
import hashlib, json, pathlib, sys

source, target = map(pathlib.Path, sys.argv[1:3])
texts = set()
for name in ("accepted.txt", "refused-syntax.txt", "refused-names.txt", "refused-meaning.txt"):
    texts.update(line for line in (source / name).read_text().splitlines() if line)
kept = source / "fuzz.jsonl"
if kept.exists():
    texts.update(json.loads(line) for line in kept.read_text().splitlines())
for text in texts:
    (target / hashlib.sha1(text.encode()).hexdigest()).write_text(text)
