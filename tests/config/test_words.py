"""The list of words and the reader of sites say the same."""

from collections import defaultdict
from pathlib import Path

from tests.docs.test_sites import SITES, fetching, whole
from translator.config import words
from translator.config.read import site_of
from translator.mapping.strict import Keys
from translator.mapping.words import names


def test_every_word_that_is_read_is_listed_and_every_listed_one_is_read(monkeypatch):
    read = defaultdict(set)
    done = Keys.done

    def noting(keys, also=()):
        read[keys.known] |= set(keys.taken)
        done(keys, also)

    monkeypatch.setattr(Keys, "done", noting)
    for text in (whole(block.text) for block in SITES):
        site_of(Path("site"), fetching(text), {})
        other = text.replace("key: {credential: newark-key}", "password: {env: PASSWORD}")
        site_of(Path("site"), fetching(other.replace("passphrase: {credential: newark-passphrase}", "")), {})
    listed = (
        words.LABEL,
        words.SITE,
        words.PERSONAL,
        words.COMPARE,
        words.LEDGER,
        words.ACCOUNT,
        words.SYSTEM,
        words.ACKNOWLEDGE,
        words.WAREHOUSE,
        words.FOLDER,
        words.FROM,
        words.COMPLETE,
        words.SFTP,
    )
    for one in listed:
        assert read[names(one)] - {"sftp"} == set(names(one)) - {"sftp"}, one[0].name
