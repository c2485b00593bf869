"""Lists what feedparser finds in each file of a folder, as one line of JSON for each file.

Called by the differential test in src/ingest/differential.rs. feedparser is Mark Pilgrim's parser in
Debian's package python3-feedparser; nothing of it is part of Gleaner.
"""

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
import feedparser  # noqa: E402

folder = sys.argv[1]
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    entries = []
    try:
        for entry in feedparser.parse(data, sanitize_html=False).entries:
            entries.append([entry.get("id") or "", entry.get("link") or "", entry.get("title") or ""])
    except Exception:  # It fails on some damaged files: then it found nothing.
        pass
    print(json.dumps([name, entries]))
