"""All systems of the real samples in one list: each file of theirs is read by one of the mappings beside, or has its reason.

What a file lacks, and why, stands in the tables of test_xml, test_lines and test_segments; this holds that no file is left.
"""

from tests.real import test_lines, test_segments, test_xml
from tests.real.systems import SAMPLES, needs_samples

pytestmark = needs_samples
LISTED = {
    **{name: test_xml.LACKS.get(name, {}) for name in test_xml.FILES},
    **{name: test_lines.LACKS.get(name, {}) for name in test_lines.FILES},
    **{name: lacks for name, (_, lacks) in test_segments.FILES.items()},
}


def test_every_file_of_all_19_systems_is_listed():
    """Print the list: pytest -s."""
    stands = {str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/*") if path.suffix != ".md"}
    assert set(LISTED) == stands
    assert len({name.partition("/")[0] for name in LISTED}) == 19
    for name, lacks in sorted(LISTED.items()):
        print(f"{name:70} {'; '.join(f'{code}: {why}' for code, why in lacks.items()) or 'whole'}")


def test_every_reason_is_a_sentence():
    assert [(name, code) for name, lacks in LISTED.items() for code, why in lacks.items() if len(why.split()) < 4] == []
