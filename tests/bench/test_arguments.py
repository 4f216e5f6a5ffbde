"""What `bin/bench` understands, and what it says where it does not."""

import pytest

from bench import arguments


def test_it_runs_everything_on_a_million_people_unless_told() -> None:
    asked = arguments.parsed([])
    assert (asked.names, asked.people, asked.quick) == (list(arguments.BENCHES), 1_000_000, False)
    assert arguments.parsed(["wall", "--quick"]).people == 20_000
    assert arguments.parsed(["--quick", "--people", "3000"]).people == 3000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["walls"], "there is no benchmark “walls”. There are: names, "),
        (["--people", "12"], "give a number from 1000 to 5000000"),
        (["--people", "many"], "invalid _people value: 'many'"),
    ],
)
def test_it_says_what_it_does_not_understand(wrong, said, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments.parsed(wrong)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
