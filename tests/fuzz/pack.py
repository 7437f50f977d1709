"""Packs the files that the fuzzer kept into one, a JSON string a line, shortest first."""
import json, pathlib, sys

source, target = map(pathlib.Path, sys.argv[1:3])
texts = set()
for path in source.iterdir():
    try:
        texts.add(path.read_text())
    except UnicodeDecodeError:
        pass
lines = [json.dumps(text, ensure_ascii=True) for text in sorted(texts, key=lambda text: (len(text), text))]
target.write_text("\n".join(lines) + "\n")
print(len(lines), "texts kept")
